import { quoteIdentifier } from "../../model/sql-quoting";

export { quoteIdentifier, quoteLiteral } from "../../model/sql-quoting";

/** `"schema"."table"`. */
export function quoteTable(schema: string, table: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
}
