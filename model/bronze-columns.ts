/** Names of columns in bronze, as DMS writes them. */

/** What stands before a table's own columns: operation, commit time and sequence of the change. */
export const CHANGE_COLUMNS = ["Op", "dms_timestamp", "dms_change_seq"] as const;

/** Begins the name of a column that holds a key column's value before the change. */
export const BEFORE_IMAGE_PREFIX = "BI_";

/** The name by which the lake knows a column of the source: lakes do not tell upper from lower case. */
export function lakeColumn(sourceColumn: string): string {
  return sourceColumn.toLowerCase();
}

const PLAIN = /^[a-z_][a-z0-9_]*$/;
const LONGEST_NAME = 200;

/**
 * The name that a column which the definition does not have gets in silver, as `column_name` of
 * glue-scripts/lakewright/columns.py says; empty where nothing is left of it.
 */
export function addedColumn(sourceColumn: string): string {
  const given = sourceColumn.trim().toLowerCase();
  const name = PLAIN.test(given) ? given : spelt(given);
  return (/^_(lw|hoodie)/.test(name) ? name.replace(/^_+/, "") : name).slice(0, LONGEST_NAME);
}

function spelt(given: string): string {
  const letters = [...given.normalize("NFKD").replace(/\p{M}/gu, "")].map((letter) => {
    const code = letter.codePointAt(0)!;
    return code < 128 ? letter : `u${code.toString(16).padStart(4, "0")}`;
  });
  const name = letters
    .join("")
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^\d/.test(name) ? `_${name}` : name;
}

/** The names, in the lake's form, that a table with this key cannot have for columns of its own. */
export function reservedColumns(key: readonly string[]): string[] {
  return [...CHANGE_COLUMNS, ...key.map((name) => BEFORE_IMAGE_PREFIX + name)].map(lakeColumn);
}
