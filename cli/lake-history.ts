import { parseTime } from "../analytics/point-in-time";
import type { QueryResult, ResultColumn, Value } from "../analytics/query-client";
import type { Steps as StepRunner } from "../local/pipeline/results";
import { UserError } from "../model/errors";
import type { Lake } from "../model/lake";

/** Rows that a query of the past gives at most. */
const MAX_ROWS = 100_000;

interface PastResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Value[])[];
  readonly truncated: boolean;
}

/** One commit of a table. */
export interface TableCommit {
  /** Hudi instant or Delta version. */
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The format's own word for what was done. */
  readonly operation: string;
  /** Whether the whole content was replaced. */
  readonly full: boolean;
  /** What became of the rows that were read, as the pipeline counted them. */
  readonly accounting: Readonly<Record<string, unknown>> | null;
}

/**
 * Runs Spark SQL over the lake as its tables were at a time. No statistics: Spark gives none.
 * @throws UserError for SQL that is wrong, or a time before the tables' history
 */
export async function queryAsOf(spark: StepRunner, sql: string, at: Date): Promise<QueryResult> {
  const started = Date.now();
  const args = { sql, at: at.toISOString(), limit: MAX_ROWS };
  const { columns, rows, truncated } = await spark.step<PastResult>("query", args);
  if (truncated) {
    throw new UserError(
      `the query gives more than ${MAX_ROWS.toLocaleString("en-US")} rows; aggregate or add a LIMIT`,
    );
  }
  const elapsedMs = Date.now() - started;
  return { columns, rows, stats: { bytesRead: 0, rowsRead: 0, elapsedMs, queuedMs: 0 } };
}

/** A row that differs between two versions. */
export interface DifferentRow {
  readonly kind: "added" | "changed" | "removed";
  readonly key: string;
  /** By column that differs its values, as text. */
  readonly columns: readonly {
    readonly column: string;
    readonly from?: string;
    readonly to?: string;
  }[];
}

/** What changed from one version of a table to another. */
export interface VersionDiff {
  readonly from: string;
  readonly to: string;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** The first ones by key. */
  readonly rows: readonly DifferentRow[];
}

/**
 * What changed in a table such as `silver.core_order`.
 * @param between versions or times, as a person writes them; either is now where it is absent
 * @throws UserError for a version that the table does not have
 */
export async function versionDiff(
  spark: StepRunner,
  table: string,
  between: { readonly from?: string; readonly to?: string; readonly limit?: number },
): Promise<VersionDiff> {
  const { from, to, limit } = between;
  const found = await spark.step<Omit<VersionDiff, "rows"> & { rows: PlainRow[] }>("diff", {
    table,
    ...(from === undefined ? {} : { from: versionOrTime(from) }),
    ...(to === undefined ? {} : { to: versionOrTime(to) }),
    ...(limit === undefined ? {} : { limit }),
  });
  const rows = found.rows.map((row) => ({
    ...row,
    columns: JSON.parse(row.columns) as DifferentRow["columns"],
  }));
  return { ...found, rows };
}

interface PlainRow extends Omit<DifferentRow, "columns"> {
  /** JSON. */
  readonly columns: string;
}

/** A version as it is; a time as a person writes it, in ISO 8601. */
export function versionOrTime(text: string): string {
  return /^\d+$/.test(text) ? text : parseTime(text).toISOString();
}

/** A table's name with its layer; without one it is gold for a model, else silver. */
export function fullName(name: string, { definition }: Lake): string {
  if (name.includes(".")) return name;
  return `${name in definition.models ? "gold" : "silver"}.${name}`;
}

/**
 * The commits of a table such as `silver.core_order`, newest first.
 * @throws UserError for a table that the lake does not have
 */
export async function tableHistory(
  spark: StepRunner,
  table: string,
): Promise<readonly TableCommit[]> {
  const { commits } = await spark.step<{ commits: TableCommit[] }>("history", { table });
  return commits;
}
