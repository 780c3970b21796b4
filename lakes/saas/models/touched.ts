/** SQL for `touched`: which groups of a model the rows in `changes` belong to. */

/** The groups that changed rows name themselves, by these columns or expressions. */
export function groupsOf(...columns: readonly string[]): string {
  return `SELECT DISTINCT ${columns.join(", ")} FROM changes`;
}

/** The first day of the month that a column names as `yyyy-MM`. */
export function monthFrom(column: string): string {
  return `CAST(concat(${column}, '-01') AS DATE)`;
}
