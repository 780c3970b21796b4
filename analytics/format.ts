import { stringify } from "csv-stringify/sync";

import type { QueryResult, Value } from "./query-client";

const NUMBER_TYPE = /^(tinyint|smallint|integer|int|bigint|real|float|double|decimal)/;

/** Whether values of the type line up at the right. */
export function isNumeric(type: string): boolean {
  return NUMBER_TYPE.test(type);
}

/** A value as a person reads it: nested ones as JSON, times without zeros at the end. */
export function readable(value: Value): string | null {
  if (value === null) return null;
  if (typeof value === "object") return JSON.stringify(value);
  return String(value).replace(
    /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.0+|(\.\d*[1-9])0+)(?=$| )/,
    "$1$2",
  );
}

/** Rows as objects by column name, for other programs. A name that comes twice gets a number. */
export function toObjects({ columns, rows }: QueryResult): Record<string, Value>[] {
  const names = columns.map(({ name }, index) => {
    const earlier = columns.slice(0, index).filter((column) => column.name === name).length;
    return earlier > 0 ? `${name}_${earlier + 1}` : name;
  });
  return rows.map((row) =>
    Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])),
  );
}

/** Rows as CSV with a header line; null is an empty field, an empty string is quoted. */
export function toCsv({ columns, rows }: QueryResult): string {
  const plain = rows.map((row) =>
    row.map((value) =>
      value !== null && typeof value === "object" ? JSON.stringify(value) : value,
    ),
  );
  return stringify([columns.map(({ name }) => name), ...plain], {
    cast: { boolean: String, string: (value) => ({ value, quoted_empty: true }) },
  });
}
