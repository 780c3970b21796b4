/** SQL for `touched`: which groups of a model the rows in `changes` belong to. */

/** The groups that changed rows name themselves, by these columns or expressions. */
export function groupsOf(...columns: readonly string[]): string {
  return `SELECT DISTINCT ${columns.join(", ")} FROM changes`;
}

/**
 * The groups of changed rows that came, went, or have other values in the columns that a model reads:
 * for wide rows that change often in columns that it does not read.
 * @param key of the rows, and what else `groups` names, separated by commas
 */
export function groupsWithOther(
  columns: readonly string[],
  key: string,
  ...groups: readonly string[]
): string {
  return `SELECT DISTINCT ${groups.join(", ")} FROM changes GROUP BY ${key}
HAVING count_if(_lw_image = 'before') <> count_if(_lw_image = 'after')
  OR count(DISTINCT struct(${columns.join(", ")})) > 1`;
}

/** The groups of rows that came or went: for models that read of an input whether a row is there. */
export function groupsThatCameOrWent(key: string, ...groups: readonly string[]): string {
  return `SELECT DISTINCT ${groups.join(", ")} FROM changes GROUP BY ${key}
HAVING count_if(_lw_image = 'before') <> count_if(_lw_image = 'after')`;
}

/** The first day of the month that a column names as `yyyy-MM`. */
export function monthFrom(column: string): string {
  return `CAST(concat(${column}, '-01') AS DATE)`;
}
