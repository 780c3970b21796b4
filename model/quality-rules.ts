/**
 * Quality rules of a table, in DQDL: what AWS Glue Data Quality evaluates, and deequ locally. A rule
 * may be written by hand; these functions write the usual ones. Names are those of silver columns.
 * Source: AWS Glue User Guide, "Data Quality Definition Language (DQDL) reference".
 */

/** What a rule that does not hold does: `warn` tells, `stop` keeps the batch out of silver. */
export type Severity = "warn" | "stop";

export interface QualityRule {
  /** The rule in DQDL: `IsComplete "email"`. */
  readonly dqdl: string;
  readonly severity: Severity;
}

/** A rule that must hold on what a batch would make of the table; else the batch is held back. */
export function stop(dqdl: string): QualityRule {
  return { dqdl, severity: "stop" };
}

/** The column has a value in every row, or in this share of them (0 to 1). */
export function complete(column: string, share = 1): string {
  return share === 1 ? `IsComplete "${column}"` : `Completeness "${column}" >= ${share}`;
}

/** No two rows have the same value; of several columns: the same values, none of them null. */
export function unique(...columns: readonly string[]): string {
  const names = columns.map((column) => `"${column}"`).join(" ");
  return columns.length === 1 ? `IsUnique ${names}` : `IsPrimaryKey ${names}`;
}

/** Every value is one of these. */
export function oneOf(column: string, values: readonly string[]): string {
  return `ColumnValues "${column}" in [${values.map((value) => `"${value}"`).join(", ")}]`;
}

/** Every value is there and within these bounds, themselves included. */
export function within(column: string, low: number, high: number): string {
  return `(ColumnValues "${column}" >= ${low}) and (ColumnValues "${column}" <= ${high})`;
}

/** Every value is a value of the other silver table's column. */
export function references(column: string, table: string, key: string): string {
  return `ReferentialIntegrity "${column}" "${table}.${key}" = 1.0`;
}

/** Some row's timestamp is younger than this. */
export function freshWithin(column: string, hours: number): string {
  const young = `${column} >= current_timestamp() - INTERVAL ${hours} HOURS`;
  return `CustomSql "SELECT count(*) FROM primary WHERE ${young}" > 0`;
}

/** The number of rows lies between these multiples of what it was when last evaluated. */
export function rowCountWithin(low: number, high: number): string {
  return `RowCount between ${low} * last(1) and ${high} * last(1)`;
}

/** A rule with its severity; one that is text alone warns. */
export function qualityRule(rule: string | QualityRule): QualityRule {
  return typeof rule === "string" ? { dqdl: rule, severity: "warn" } : rule;
}

const REFERENCE = /ReferentialIntegrity\s+"[^"]*"\s+"\{?(\w+)\./g;

/** The silver tables whose rows a rule reads beside its own table's. */
export function referencedTables(dqdl: string): string[] {
  return [...dqdl.matchAll(REFERENCE)].map(([, table]) => table!);
}

const TIME =
  /\b(current_(timestamp|date)|localtimestamp|DataFreshness)\b|\b(now|curdate|unix_timestamp)\s*\(/i;

/** Whether the verdict on a rule may change by the passing of time alone. */
export function dependsOnTime(dqdl: string): boolean {
  return TIME.test(dqdl);
}
