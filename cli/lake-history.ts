import type { QueryResult, ResultColumn, Value } from "../analytics/query-client";
import { openLake } from "../local/pipeline/open";
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
export async function queryAsOf(lake: Lake, sql: string, at: Date): Promise<QueryResult> {
  const started = Date.now();
  await using opened = await openLake(lake.definition.name, "read");
  const args = { sql, at: at.toISOString(), limit: MAX_ROWS };
  const { columns, rows, truncated } = await opened.spark.step<PastResult>("query", args);
  if (truncated) {
    throw new UserError(
      `the query gives more than ${MAX_ROWS.toLocaleString("en-US")} rows; aggregate or add a LIMIT`,
    );
  }
  const elapsedMs = Date.now() - started;
  return { columns, rows, stats: { bytesRead: 0, rowsRead: 0, elapsedMs, queuedMs: 0 } };
}

/**
 * The commits of a table such as `silver.core_order`, newest first.
 * @throws UserError for a table that the lake does not have
 */
export async function tableHistory(lake: Lake, table: string): Promise<readonly TableCommit[]> {
  await using opened = await openLake(lake.definition.name, "read");
  const { commits } = await opened.spark.step<{ commits: TableCommit[] }>("history", { table });
  return commits;
}
