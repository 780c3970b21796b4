import type { Lsn } from "./lsn";

/**
 * Reads the messages of PostgreSQL's logical decoding plugin pgoutput, protocol version 1
 * (PostgreSQL documentation, "Logical Replication Message Formats").
 *
 * Values stay PostgreSQL's own text: nothing is rounded, no byte order mark is lost.
 */

/** Length of a value that is null, and of one stored out of line that an update left unchanged. */
export const NULL = -1;
export const UNCHANGED = -2;

/**
 * A row's values as they lie in the message: two numbers a column, where the text begins and its
 * length in bytes, or {@link NULL}, or {@link UNCHANGED}.
 */
export interface Tuple {
  readonly bytes: Buffer;
  readonly places: readonly number[];
}

/** A column's text, `null`, or `undefined` for an unchanged value or a column that is not there. */
export function textAt({ bytes, places }: Tuple, column: number): string | null | undefined {
  const [start, length] = [places[2 * column], places[2 * column + 1]];
  if (start === undefined || length === undefined || length === UNCHANGED) return undefined;
  return length === NULL ? null : bytes.toString("utf8", start, start + length);
}

export interface RelationColumn {
  readonly name: string;
  readonly typeOid: number;
  readonly typeModifier: number;
}

export interface Relation {
  readonly kind: "relation";
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly RelationColumn[];
}

export interface RowChange {
  readonly kind: "insert" | "update" | "delete";
  readonly oid: number;
  /** Row before the change, or its identity alone with nulls elsewhere; absent when the key did not change. */
  readonly before: Tuple | undefined;
  /** Row after the change; absent of a delete. */
  readonly after: Tuple | undefined;
}

export interface Begin {
  readonly kind: "begin";
  readonly commit: Lsn;
  /** Microseconds since 1970. */
  readonly committedAt: bigint;
}

export interface Commit {
  readonly kind: "commit";
  /** Position after the transaction: what may be acknowledged once the transaction is safe. */
  readonly end: Lsn;
}

export type Message = Begin | Commit | Relation | RowChange | { readonly kind: "other" };

/** 2000-01-01, where PostgreSQL counts from, in microseconds since 1970. */
const EPOCH = 946_684_800_000_000n;
const OTHER = { kind: "other" } as const;

/** Reads one message from `bytes`; the tuples of a change are valid only as long as these. */
export function readMessage(bytes: Buffer, offset: number): Message {
  const reader = new Reader(bytes, offset);
  const tag = reader.char();
  switch (tag) {
    case "B":
      return { kind: "begin", commit: reader.uint64(), committedAt: reader.uint64() + EPOCH };
    case "C":
      reader.skip(9);
      return { kind: "commit", end: reader.uint64() };
    case "R":
      return readRelation(reader);
    case "I":
      return { kind: "insert", ...readRow(reader) };
    case "U":
      return { kind: "update", ...readRow(reader) };
    case "D":
      return { kind: "delete", ...readRow(reader) };
    default:
      // Types, origins and TRUNCATE: the control table carries truncations in order.
      return OTHER;
  }
}

function readRelation(reader: Reader): Relation {
  const oid = reader.uint32();
  const schema = reader.string();
  const name = reader.string();
  reader.skip(1);
  const columns = Array.from({ length: reader.uint16() }, () => {
    reader.skip(1);
    return { name: reader.string(), typeOid: reader.uint32(), typeModifier: reader.int32() };
  });
  return { kind: "relation", oid, schema, name, columns };
}

function readRow(reader: Reader): Omit<RowChange, "kind"> {
  const oid = reader.uint32();
  let before: Tuple | undefined;
  let after: Tuple | undefined;
  while (!reader.atEnd()) {
    const part = reader.char();
    const tuple = readTuple(reader);
    if (part === "N") after = before ? withUnchanged(tuple, before) : tuple;
    else before = tuple;
  }
  return { oid, before, after };
}

/** An update under REPLICA IDENTITY FULL has its unchanged large values in the old row. */
function withUnchanged(tuple: Tuple, before: Tuple): Tuple {
  const places = [...tuple.places];
  for (let index = 1; index < places.length; index += 2) {
    // An old row that holds the identity alone has null where it knows nothing.
    if (places[index] !== UNCHANGED || before.places[index] === NULL) continue;
    places[index - 1] = before.places[index - 1] as number;
    places[index] = before.places[index] as number;
  }
  return { bytes: tuple.bytes, places };
}

const TEXT = 0x74;
const IS_NULL = 0x6e;

function readTuple(reader: Reader): Tuple {
  const columns = reader.uint16();
  const places = new Array<number>(2 * columns);
  for (let index = 0; index < 2 * columns; index += 2) {
    const kind = reader.byte();
    const length = kind === TEXT ? reader.int32() : kind === IS_NULL ? NULL : UNCHANGED;
    places[index] = reader.position;
    places[index + 1] = length;
    if (length > 0) reader.skip(length);
  }
  return { bytes: reader.bytes, places };
}

class Reader {
  constructor(
    readonly bytes: Buffer,
    private offset: number,
  ) {}

  get position(): number {
    return this.offset;
  }

  atEnd(): boolean {
    return this.offset >= this.bytes.length;
  }

  skip(count: number): void {
    this.offset += count;
  }

  byte(): number {
    return this.bytes[this.offset++] as number;
  }

  char(): string {
    return String.fromCharCode(this.byte());
  }

  uint16(): number {
    this.offset += 2;
    return this.bytes.readUInt16BE(this.offset - 2);
  }

  int32(): number {
    this.offset += 4;
    return this.bytes.readInt32BE(this.offset - 4);
  }

  uint32(): number {
    this.offset += 4;
    return this.bytes.readUInt32BE(this.offset - 4);
  }

  uint64(): bigint {
    this.offset += 8;
    return this.bytes.readBigUInt64BE(this.offset - 8);
  }

  /** A text that ends in a zero byte. */
  string(): string {
    const end = this.bytes.indexOf(0, this.offset);
    const text = this.bytes.toString("utf8", this.offset, end);
    this.offset = end + 1;
    return text;
  }
}
