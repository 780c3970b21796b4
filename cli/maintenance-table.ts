import type { MaintenanceResult } from "../local/pipeline/results";
import { readableBytes } from "../shared/bytes";
import { formatSeconds, printTable } from "./output";

/** One line for people: what maintenance did to a table, and how long it took. */
export function describeMaintenance(result: MaintenanceResult): string {
  const { layer, table, seconds, error } = result;
  const files = result.files_removed ?? 0;
  const removed = `${files.toLocaleString("en-US")} ${files === 1 ? "file" : "files"} removed`;
  const done = error ?? `${removed}, ${readableBytes(result.bytes_removed ?? 0)}`;
  return `maintain ${layer}.${table}: ${done} (${formatSeconds(seconds)})`;
}

/** Prints what maintenance did: a line a table, and the sum. */
export function printMaintenance(results: readonly MaintenanceResult[]): void {
  const right = (title: string) => ({ title, align: "right" as const });
  printTable(
    ["table", "result", right("files removed"), right("removed"), right("seconds")],
    results.map((each) => [
      `${each.layer}.${each.table}`,
      each.status,
      each.files_removed,
      each.bytes_removed === null ? null : readableBytes(each.bytes_removed),
      each.seconds.toFixed(1),
    ]),
  );
  const bytes = results.reduce((sum, each) => sum + (each.bytes_removed ?? 0), 0);
  console.log(`${readableBytes(bytes)} removed from ${results.length} tables`);
}
