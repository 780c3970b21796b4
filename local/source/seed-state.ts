import { readFile } from "node:fs/promises";

import type { Client } from "pg";

import type { SampleSource } from "../../lakes/sample-source";
import { quoteIdentifier } from "./identifiers";

/** What a database has of a sample's tables. */
export type SampleState =
  | { readonly kind: "absent" }
  | { readonly kind: "empty"; readonly tables: readonly string[] }
  /** `table` is one that holds rows. */
  | { readonly kind: "filled"; readonly tables: readonly string[]; readonly table: string }
  /** Tables or columns of the sample are missing; `difference` says which. */
  | { readonly kind: "different"; readonly tables: readonly string[]; readonly difference: string };

/** Looks whether the sample's tables are there, complete, and empty. */
export async function findState(client: Client, sample: SampleSource): Promise<SampleState> {
  const found = await readColumns(client, "public", sample.tables);
  const tables = [...found.keys()].sort();
  if (tables.length === 0) return { kind: "absent" };
  const difference = firstDifference(await declaredColumns(client, sample), found);
  if (difference) return { kind: "different", tables, difference };
  for (const table of sample.tables.toReversed()) {
    const { rowCount } = await client.query(`SELECT FROM public.${quoteIdentifier(table)} LIMIT 1`);
    if (rowCount) return { kind: "filled", tables, table };
  }
  return { kind: "empty", tables };
}

type Columns = ReadonlyMap<string, ReadonlyMap<string, string>>;

function firstDifference(declared: Columns, found: Columns): string | undefined {
  for (const [table, columns] of declared) {
    const actual = found.get(table);
    if (!actual) return `there is no table ${table}`;
    for (const [column, type] of columns) {
      if (!actual.has(column)) return `${table} has no column ${column}`;
      if (actual.get(column) !== type) {
        return `${table}.${column} is ${actual.get(column)} instead of ${type}`;
      }
    }
  }
  return undefined;
}

/** The tables as the DDL makes them: the database reads it, into temporary tables that do not stay. */
async function declaredColumns(client: Client, sample: SampleSource): Promise<Columns> {
  await client.query("BEGIN");
  try {
    await client.query("SET LOCAL search_path = pg_temp");
    await client.query(await readFile(sample.schemaFile, "utf8"));
    const { rows } = await client.query<{ name: string }>(
      "SELECT nspname AS name FROM pg_namespace WHERE oid = pg_my_temp_schema()",
    );
    return await readColumns(client, rows[0]?.name ?? "pg_temp", sample.tables);
  } finally {
    await client.query("ROLLBACK");
  }
}

/** Type of every column by table and column. */
async function readColumns(
  client: Client,
  schema: string,
  tables: readonly string[],
): Promise<Columns> {
  const { rows } = await client.query<{ table: string; column: string; type: string }>(
    `SELECT t.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type
     FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = $1 AND t.relname = ANY ($2) AND t.relkind IN ('r', 'p')
     ORDER BY t.relname, a.attnum`,
    [schema, tables],
  );
  const columns = new Map<string, Map<string, string>>();
  for (const { table, column, type } of rows) {
    columns.set(table, (columns.get(table) ?? new Map<string, string>()).set(column, type));
  }
  return columns;
}
