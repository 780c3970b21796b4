import { isNumeric, readable, toCsv, toObjects } from "../analytics/format";
import type { QueryResult, QueryStats } from "../analytics/query-client";
import { readableBytes } from "../shared/bytes";
import { formatSeconds, printJson, printTable } from "./output";

export interface ResultFormat {
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** Prints a query's rows: a table for people, JSON or CSV for programs. */
export function printResult(result: QueryResult, { json, csv }: ResultFormat): void {
  if (json) return printJson(toObjects(result));
  if (csv) return void process.stdout.write(toCsv(result));
  const columns = result.columns.map(({ name, type }) => ({
    title: name,
    align: isNumeric(type) ? ("right" as const) : ("left" as const),
  }));
  printTable(
    columns,
    result.rows.map((row) => row.map(readable)),
  );
  const count = result.rows.length;
  process.stdout.write(`(${count} ${count === 1 ? "row" : "rows"})\n`);
}

/** Prints what a query cost, to standard error so that it mixes with no data. */
export function printStats({
  bytesRead,
  rowsRead,
  filesRead,
  elapsedMs,
  queuedMs,
}: QueryStats): void {
  const files =
    filesRead === undefined ? "" : ` in ${filesRead} ${filesRead === 1 ? "file" : "files"}`;
  const queued = queuedMs >= 100 ? `, ${formatSeconds(queuedMs / 1000)} of it queued` : "";
  process.stderr.write(
    `read ${readableBytes(bytesRead)}, ${rowsRead.toLocaleString("en-US")} rows${files}; ${formatSeconds(elapsedMs / 1000)}${queued}\n`,
  );
}
