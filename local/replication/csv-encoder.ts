import { NULL, type Tuple } from "./pgoutput";

const QUOTE = 0x22;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
/** Above this many bytes a value is searched for quotes before it is copied. */
const LONG = 64;

/** Writes lines of CSV from the bytes of a stream's values: every value quoted, null empty. */
export class CsvEncoder {
  private line = Buffer.allocUnsafe(64 * 1024);
  private end = 0;

  /** Begins a line with texts that hold no quote and no character beyond ASCII. */
  begin(texts: readonly string[]): void {
    this.end = 0;
    for (const text of texts) {
      this.reserve(text.length + 3);
      this.separate();
      this.line[this.end++] = QUOTE;
      this.end += this.line.write(text, this.end, "latin1");
      this.line[this.end++] = QUOTE;
    }
  }

  /** Adds a column's value. */
  add({ bytes, places }: Tuple, column: number): void {
    const start = places[2 * column] as number;
    const length = places[2 * column + 1] as number;
    if (length === NULL) return this.addNull();
    const isPlain = length > LONG && bytes.subarray(start, start + length).indexOf(QUOTE) < 0;
    this.reserve((isPlain ? length : 2 * length) + 3);
    this.separate();
    this.line[this.end++] = QUOTE;
    if (isPlain) {
      this.end += bytes.copy(this.line, this.end, start, start + length);
    } else {
      this.addEscaped(bytes, start, start + length);
    }
    this.line[this.end++] = QUOTE;
  }

  addNull(): void {
    this.reserve(1);
    this.separate();
  }

  /** The whole line, valid until the next one begins. */
  finish(): Buffer {
    this.reserve(1);
    this.line[this.end++] = NEWLINE;
    return this.line.subarray(0, this.end);
  }

  private addEscaped(bytes: Buffer, start: number, stop: number): void {
    const { line } = this;
    let end = this.end;
    for (let index = start; index < stop; index++) {
      const byte = bytes[index] as number;
      line[end++] = byte;
      if (byte === QUOTE) line[end++] = QUOTE;
    }
    this.end = end;
  }

  private separate(): void {
    if (this.end > 0) this.line[this.end++] = COMMA;
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.line.length) return;
    const grown = Buffer.allocUnsafe(2 * (this.end + bytes));
    this.line.copy(grown, 0, 0, this.end);
    this.line = grown;
  }
}
