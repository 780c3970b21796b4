import type { Client } from "pg";

import { quoteIdentifier } from "./identifiers";

/**
 * Takes foreign keys and secondary indexes off the tables, for building them over loaded rows is
 * several times quicker than keeping them up with every row. Indexes that replication identifies
 * rows by stay, and so do those behind a key.
 * @returns the statements that put them back, and have the database check every foreign key
 */
export async function dropConstraints(
  client: Client,
  tables: readonly string[],
): Promise<readonly string[]> {
  const indexes = await client.query<{ name: string; definition: string }>(
    `SELECT x.relname AS name, pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
     WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY ($1)
       AND NOT i.indisreplident
       AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
     ORDER BY x.relname`,
    [tables],
  );
  const keys = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT t.relname AS table, c.conname AS name, pg_get_constraintdef(c.oid) AS definition
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
     WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY ($1) AND c.contype = 'f'
     ORDER BY t.relname, c.conname`,
    [tables],
  );
  for (const { table, name } of keys.rows) {
    await client.query(
      `ALTER TABLE public.${quoteIdentifier(table)} DROP CONSTRAINT ${quoteIdentifier(name)}`,
    );
  }
  for (const { name } of indexes.rows) {
    await client.query(`DROP INDEX public.${quoteIdentifier(name)}`);
  }
  return [
    ...indexes.rows.map(({ definition }) => definition),
    ...keys.rows.map(
      ({ table, name, definition }) =>
        `ALTER TABLE public.${quoteIdentifier(table)} ADD CONSTRAINT ${quoteIdentifier(name)} ${definition}`,
    ),
  ];
}
