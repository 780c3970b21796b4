import type { BronzeTable } from "./bronze";
import type { TableLayout } from "./table-layout";

/** Bytes in a piece of memory; a longer line gets one of its own. */
const PIECE = 256 * 1024;

/** Lines of CSV, packed. */
export class Lines {
  readonly pieces: Buffer[] = [];
  rows = 0;
  bytes = 0;
  /** Bytes of the longest line. */
  longest = 0;
  private piece = Buffer.alloc(0);
  private used = 0;

  /** Copies a line in. */
  add(line: Buffer): void {
    if (this.used + line.length > this.piece.length) this.startPiece(line.length);
    this.used += line.copy(this.piece, this.used);
    this.pieces[this.pieces.length - 1] = this.piece.subarray(0, this.used);
    this.rows++;
    this.bytes += line.length;
    this.longest = Math.max(this.longest, line.length);
  }

  private startPiece(needed: number): void {
    // The first is small, for most batches are.
    const size = this.pieces.length === 0 ? 4 * 1024 : PIECE;
    this.piece = Buffer.allocUnsafeSlow(Math.max(size, needed));
    this.used = 0;
    this.pieces.push(this.piece);
  }
}

/** Changes that go into one file. */
export interface Batch {
  readonly target: BronzeTable;
  readonly layout: TableLayout;
  readonly lines: Lines;
}

/** Changes gathered for files, in the order of the stream within each table. */
export class ChangeBuffer {
  private sealed: Batch[] = [];
  private readonly open = new Map<string, Batch>();
  private size = 0;

  constructor(private readonly maxRows: number) {}

  /** Bytes held. */
  get bytes(): number {
    return this.size;
  }

  get isEmpty(): boolean {
    return this.sealed.length === 0 && this.open.size === 0;
  }

  /** Whether a file is full. */
  get hasSealed(): boolean {
    return this.sealed.length > 0;
  }

  add(target: BronzeTable, layout: TableLayout, line: Buffer): void {
    const key = `${target.epoch} ${layout.table.name}`;
    let batch = this.open.get(key);
    if (batch && batch.layout !== layout) {
      this.seal(key, batch);
      batch = undefined;
    }
    if (!batch) {
      batch = { target, layout, lines: new Lines() };
      this.open.set(key, batch);
    }
    batch.lines.add(line);
    this.size += line.length;
    if (batch.lines.rows >= this.maxRows) this.seal(key, batch);
  }

  /** Takes everything out, to be written. */
  take(): Batch[] {
    for (const [key, batch] of this.open) this.seal(key, batch);
    const batches = this.sealed;
    this.clear();
    return batches;
  }

  /** Forgets what is held of a table. */
  drop(table: string): void {
    for (const [key, batch] of this.open) if (isOf(batch, table)) this.seal(key, batch);
    const dropped = this.sealed.filter((batch) => isOf(batch, table));
    this.sealed = this.sealed.filter((batch) => !isOf(batch, table));
    for (const { lines } of dropped) this.size -= lines.bytes;
  }

  clear(): void {
    this.sealed = [];
    this.open.clear();
    this.size = 0;
  }

  private seal(key: string, batch: Batch): void {
    this.open.delete(key);
    this.sealed.push(batch);
  }
}

function isOf({ layout }: Batch, table: string): boolean {
  return layout.table.name === table;
}
