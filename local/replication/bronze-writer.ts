import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";

import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

import { type BronzeFormat } from "../../model/bronze-format";
import { UserError } from "../../model/errors";
import { quoteLiteral } from "../source/identifiers";
import { writeDurably } from "./bronze";
import { asCsv, CSV_OPTIONS } from "./bronze-csv";
import type { Lines } from "./change-buffer";
import { type ColumnCheck, type ColumnPlan, selected } from "./columns";

/** Rows as CSV, every value quoted, null an empty field: how they are handed to DuckDB. */
export interface StagedRows {
  readonly csv: string;
  readonly rows: number;
  /** Bytes of the longest row. */
  readonly longestRow: number;
}

/** What was done to values that the lake's types cannot hold. */
export interface ValueNotice {
  readonly column: string;
  readonly kind: ColumnCheck["kind"];
  readonly meaning: string;
  readonly rows: number;
}

export interface BronzeFile {
  readonly path: string;
  /** Text columns of the staged rows, in their order. */
  readonly staged: readonly string[];
  readonly columns: readonly ColumnPlan[];
  /** Name of the source table and the staged columns of its key, for messages. */
  readonly table: string;
  readonly key: readonly ColumnPlan[];
}

const COPY_OPTIONS: Readonly<Record<BronzeFormat, string>> = {
  parquet: "FORMAT parquet, COMPRESSION zstd",
  csv: CSV_OPTIONS,
};

/** Bytes that DuckDB may hold before it spills to disk. */
const MEMORY = "1GB";
/** DuckDB's own limit for a row of CSV, unless it is raised. */
const LONGEST_ROW = 2_000_000;

/** Writes bronze files by an embedded DuckDB; several at a time. */
export class BronzeWriter {
  private drafts = 0;

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly folder: string,
    readonly format: BronzeFormat,
  ) {}

  /** @param folder for what is staged on its way; it is emptied */
  static async open(folder: string, format: BronzeFormat): Promise<BronzeWriter> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const settings = { threads: "2", memory_limit: MEMORY, temp_directory: join(folder, "spill") };
    return new BronzeWriter(await DuckDBInstance.create(":memory:", settings), folder, format);
  }

  close(): void {
    this.instance.closeSync();
  }

  /** A file to stage rows in, of a name of its own. */
  stagingPath(): string {
    return join(this.folder, `${this.drafts++}.csv`);
  }

  /** Puts lines of CSV into a staging file. */
  async stage(lines: Lines): Promise<StagedRows> {
    const csv = this.stagingPath();
    const file = await open(csv, "w");
    try {
      for (const piece of lines.pieces) await file.writeFile(piece);
    } finally {
      await file.close();
    }
    return { csv, rows: lines.rows, longestRow: lines.longest };
  }

  /** Removes staged rows that are not wanted. */
  async discard(staged: StagedRows): Promise<void> {
    await rm(staged.csv, { force: true });
  }

  /**
   * Turns staged rows into a file that appears whole; the staged rows are removed.
   * @throws UserError naming table, key and column of a value that the lake may not lose nor can hold
   */
  async write(staged: StagedRows, given: BronzeFile): Promise<ValueNotice[]> {
    const file = this.format === "csv" ? asCsv(given) : given;
    const connection = await this.instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      await connection.run(
        `CREATE OR REPLACE TEMP TABLE staged AS ${readCsv(staged, file.staged)}`,
      );
      const notices = await runChecks(connection, file);
      const query = `SELECT ${file.columns.map(selected).join(",\n")} FROM staged`;
      await writeDurably(file.path, async (draft) => {
        const target = quoteLiteral(draft);
        await connection.run(`COPY (${query}) TO ${target} (${COPY_OPTIONS[this.format]})`);
      });
      return notices;
    } finally {
      connection.closeSync();
      await this.discard(staged);
    }
  }
}

function readCsv({ csv, longestRow }: StagedRows, names: readonly string[]): string {
  const columns = names.map((name) => `'${name}': 'VARCHAR'`).join(", ");
  const longest = Math.max(LONGEST_ROW, longestRow + 1_024);
  return `SELECT * FROM read_csv(${quoteLiteral(csv)}, columns = {${columns}}, auto_detect = false,
    header = false, delim = ',', quote = '"', escape = '"', new_line = '\\n', nullstr = '',
    allow_quoted_nulls = false, max_line_size = ${longest}, parallel = false)`;
}

async function runChecks(connection: DuckDBConnection, file: BronzeFile): Promise<ValueNotice[]> {
  const checks = file.columns.flatMap((column) =>
    column.checks.map((check) => ({ column, check })),
  );
  if (checks.length === 0) return [];
  const counts = checks.map(({ check }) => `count(*) FILTER (WHERE ${check.condition})`);
  const result = await connection.runAndReadAll(`SELECT ${counts.join(", ")} FROM staged`);
  const row = (result.getRows()[0] ?? []).map(Number);
  const found = checks.map(({ column, check }, index) => ({
    column,
    check,
    rows: row[index] ?? 0,
  }));
  const notices = found.filter(({ rows }) => rows > 0);
  for (const { column, check } of notices) {
    if (check.kind === "refused") throw await refusal(connection, file, column, check);
  }
  return notices.map(({ column, check, rows }) => ({
    column: column.name,
    kind: check.kind,
    meaning: check.meaning,
    rows,
  }));
}

async function refusal(
  connection: DuckDBConnection,
  file: BronzeFile,
  column: ColumnPlan,
  check: ColumnCheck,
): Promise<UserError> {
  const shown = [...file.key.map((key) => key.staged), column.staged].join(", ");
  const result = await connection.runAndReadAll(
    `SELECT ${shown} FROM staged WHERE ${check.condition} LIMIT 1`,
  );
  const row = (result.getRows()[0] ?? []).map(String);
  const key = file.key.map((plan, index) => `${plan.name} = ${row[index]}`).join(", ");
  return new UserError(
    `table ${file.table}, row with ${key}: ${column.name} is ${row.at(-1)}, which ${check.meaning}. ` +
      `Declare a wider type for ${column.name}`,
  );
}
