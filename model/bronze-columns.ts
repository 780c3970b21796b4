/** Names of columns in bronze, as DMS writes them. */

/** What stands before a table's own columns: operation, commit time and sequence of the change. */
export const CHANGE_COLUMNS = ["Op", "dms_timestamp", "dms_change_seq"] as const;

/** Begins the name of a column that holds a key column's value before the change. */
export const BEFORE_IMAGE_PREFIX = "BI_";

/** The name by which the lake knows a column of the source: lakes do not tell upper from lower case. */
export function lakeColumn(sourceColumn: string): string {
  return sourceColumn.toLowerCase();
}

/** The names, in the lake's form, that a table with this key cannot have for columns of its own. */
export function reservedColumns(key: readonly string[]): string[] {
  return [...CHANGE_COLUMNS, ...key.map((name) => BEFORE_IMAGE_PREFIX + name)].map(lakeColumn);
}
