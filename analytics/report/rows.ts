import type { QueryResult } from "../query-client";

/** Runs one statement of Trino SQL; what it cost does not matter here. */
export type Query = (sql: string) => Promise<Omit<QueryResult, "stats">>;

/** A row by column name. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * The rows by column name.
 * @throws Error when the result lacks a column that is going to be shown.
 */
export function toRows(result: Omit<QueryResult, "stats">, wanted: readonly string[]): Row[] {
  const names = result.columns.map(({ name }) => name);
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new Error(
      `the query gives the columns ${names.join(", ")}; expected ${missing.join(", ")} as well`,
    );
  }
  return result.rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}

/** A number for drawing, where the last digits of a decimal do not matter; null stays null. */
export function numberOf(row: Row, column: string): number | null {
  const value = row[column];
  if (value === null || value === undefined || value === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

export function textOf(row: Row, column: string): string {
  const value = row[column];
  return value === null || value === undefined ? "" : String(value);
}
