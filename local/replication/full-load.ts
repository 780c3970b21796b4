import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";

import type { Client } from "pg";
import { to as copyTo } from "pg-copy-streams";

import { UserError } from "../../model/errors";
import { connectSource, type Source } from "../source/connection";
import { quoteIdentifier, quoteLiteral, quoteTable } from "../source/identifiers";
import { type BronzeTable, loadFileName, tableFolder } from "./bronze";
import type { BronzeWriter, StagedRows, ValueNotice } from "./bronze-writer";
import { loadColumns, type TableLayout } from "./table-layout";

/** A table to load and where its files go. */
export interface LoadTask {
  readonly layout: TableLayout;
  readonly target: BronzeTable;
  /** Whether it is a partitioned table, whose rows are in its partitions. */
  readonly partitioned: boolean;
}

export interface LoadOptions {
  readonly source: Source;
  /** Exported snapshot that all tables are read at. */
  readonly snapshot: string;
  readonly writer: BronzeWriter;
  /** Time on every row, `YYYY-MM-DD HH:MM:SS.ffffff` in UTC. */
  readonly startedAt: string;
  readonly rowsPerFile: number;
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** Called once every reader has the snapshot: it may be released. */
  readonly onSnapshotTaken: () => Promise<void>;
  readonly onRows: (table: string, rows: number, done: boolean) => void;
  readonly onNotices: (table: string, notices: readonly ValueNotice[]) => void;
}

/** What became of tables, by the lake's names. */
export interface Loaded {
  /** Rows of those that are loaded. */
  readonly rows: ReadonlyMap<string, number>;
  /** Why others cannot be represented. */
  readonly refused: ReadonlyMap<string, UserError>;
}

/** Reads tables at a snapshot by COPY and writes their full load files; several tables at a time. */
export async function loadTables(
  tasks: readonly LoadTask[],
  options: LoadOptions,
): Promise<Loaded> {
  const readers = await openReaders(Math.min(options.parallel, tasks.length), options);
  const close = () => Promise.all(readers.map((reader) => reader.end().catch(() => undefined)));
  const abort = () => void close();
  options.signal.addEventListener("abort", abort, { once: true });
  try {
    await options.onSnapshotTaken();
    const queue = [...tasks];
    const rows = new Map<string, number>();
    const refused = new Map<string, UserError>();
    await Promise.all(
      readers.map(async (reader) => {
        for (let task = queue.shift(); task; task = queue.shift()) {
          const { name } = task.layout.table;
          const result = await loadTable(reader, task, options);
          if (result instanceof UserError) refused.set(name, result);
          else rows.set(name, result);
        }
      }),
    );
    return { rows, refused };
  } finally {
    options.signal.removeEventListener("abort", abort);
    await close();
  }
}

async function openReaders(count: number, { source, snapshot }: LoadOptions): Promise<Client[]> {
  const readers: Client[] = [];
  try {
    for (let index = 0; index < count; index++) {
      const reader = await connectSource(source);
      readers.push(reader);
      // Row security must fail the load, not thin it out.
      await reader.query(
        `SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET row_security = off;
         BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
         SET TRANSACTION SNAPSHOT ${quoteLiteral(snapshot)}`,
      );
    }
    return readers;
  } catch (error) {
    await Promise.all(readers.map((reader) => reader.end().catch(() => undefined)));
    throw error;
  }
}

/** @returns its rows, or why it cannot be represented */
async function loadTable(
  reader: Client,
  task: LoadTask,
  options: LoadOptions,
): Promise<number | UserError> {
  const { layout, target, partitioned } = task;
  const { name, schema, table } = layout.table;
  const columns = layout.sourceNames.map(quoteIdentifier).join(", ");
  const from = `${partitioned ? "" : "ONLY "}${quoteTable(schema, table)}`;
  const copy = reader.query(
    copyTo(`COPY (SELECT ${columns} FROM ${from}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)`),
  );
  const staged = layout.own.map((column) => column.staged);
  const loaded = loadColumns(layout, options.startedAt);
  let files = 0;
  let rows = 0;
  let refusal: UserError | undefined;
  for await (const part of stageRows(copy, options)) {
    // The rest is read all the same: the connection, which has the snapshot, serves the next table.
    if (refusal) {
      await options.writer.discard(part);
      continue;
    }
    const path = join(tableFolder(target), loadFileName(++files, options.writer.format));
    const file = { path, staged, columns: loaded, table: `${schema}.${table}`, key: layout.key };
    try {
      options.onNotices(name, await options.writer.write(part, file));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusal = error;
      continue;
    }
    rows += part.rows;
    options.onRows(name, rows, false);
  }
  if (refusal) return refusal;
  options.onRows(name, rows, true);
  return rows;
}

const QUOTE = 0x22;
const NEWLINE = 0x0a;

/**
 * Cuts a stream of CSV, every value of which is quoted, into files of at most so many rows.
 * An empty table gives one file without rows, which still says the columns.
 */
async function* stageRows(
  copy: AsyncIterable<Buffer>,
  { writer, rowsPerFile }: LoadOptions,
): AsyncGenerator<StagedRows> {
  let file = new StagingFile(writer.stagingPath());
  let files = 0;
  let quoted = false;
  for await (const chunk of copy) {
    let start = 0;
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index];
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === NEWLINE && !quoted) {
        file.endRow(index + 1 - start);
        if (file.rows < rowsPerFile) continue;
        await file.write(chunk.subarray(start, index + 1));
        yield await file.close();
        files++;
        file = new StagingFile(writer.stagingPath());
        start = index + 1;
      }
    }
    file.endChunk(chunk.length - start);
    await file.write(chunk.subarray(start));
  }
  const last = await file.close();
  if (last.rows > 0 || files === 0) yield last;
}

/** Rows of CSV on their way into a file. */
class StagingFile {
  rows = 0;
  private longestRow = 0;
  /** Where in the present chunk the present row began; negative: in an earlier chunk. */
  private rowStart = 0;
  private readonly stream: WriteStream;
  private readonly failed: Promise<never>;

  constructor(private readonly csv: string) {
    this.stream = createWriteStream(csv, { highWaterMark: 4 * 1024 * 1024 });
    this.failed = new Promise((_, reject) => this.stream.once("error", reject));
    this.failed.catch(() => undefined);
  }

  endRow(end: number): void {
    this.rows++;
    this.longestRow = Math.max(this.longestRow, end - this.rowStart);
    this.rowStart = end;
  }

  endChunk(length: number): void {
    this.rowStart -= length;
  }

  async write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0 || this.stream.write(bytes)) return;
    await Promise.race([once(this.stream, "drain"), this.failed]);
  }

  async close(): Promise<StagedRows> {
    const finished = once(this.stream, "finish");
    this.stream.end();
    await Promise.race([finished, this.failed]);
    return { csv: this.csv, rows: this.rows, longestRow: this.longestRow };
  }
}
