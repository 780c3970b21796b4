import type { Client } from "pg";

import type { Value } from "../analytics/query-client";
import { quoteTable } from "../local/source/identifiers";
import { inspectTables, sourceName } from "../local/source/inspect";
import { UserError } from "../model/errors";
import type { ManifestTable } from "../model/manifest";
import { quoteIdentifier, quoteLiteral, quoteRelation } from "../model/sql-quoting";

/** A row of the source that was rewritten with its own values. */
export interface TouchedRow {
  readonly table: string;
  /** Condition in SQL that is true of this row in silver alone. */
  readonly isRow: string;
  /** A time before the change, UTC, in whole milliseconds. */
  readonly before: string;
}

/** Answers the lake's SQL with rows. */
export type Ask = (sql: string) => Promise<readonly (readonly Value[])[]>;

/**
 * Rewrites a row that silver has with its own values, which changes nothing but is replicated like
 * any update.
 * @throws UserError where silver has no row
 */
export async function touchRow(
  source: Client,
  ask: Ask,
  table: ManifestTable,
): Promise<TouchedRow> {
  const columns = table.key.map(quoteIdentifier).join(", ");
  const pick = `SELECT ${columns} FROM ${quoteRelation("silver", table.name)} ORDER BY random() LIMIT 1`;
  const own = { schema: table.source_schema, name: table.source_table };
  const [facts] = await inspectTables(source, [own]);
  const key = table.key.map((name) => quoteIdentifier(sourceName(facts, name)));
  const assignments = key.map((name) => `${name} = ${name}`);
  const conditions = key.map((name, i) => `${name} = $${i + 1}`);
  for (;;) {
    const [values] = await ask(pick);
    if (!values) throw new UserError(`silver.${table.name} has no rows to change`);
    // Athena reads whole milliseconds of a time.
    const { rows } = await source.query<{ before: string }>(
      `UPDATE ${quoteTable(own.schema, own.name)}
       SET ${assignments.join(", ")} WHERE ${conditions.join(" AND ")}
       RETURNING (date_trunc('milliseconds', now()) AT TIME ZONE 'UTC')::text AS before`,
      [...values],
    );
    if (rows[0]) return { table: table.name, isRow: equals(table, values), ...rows[0] };
  }
}

/**
 * Whether silver has the change. A row that is gone by now was deleted after it: the change has been
 * there.
 */
export async function isApplied(ask: Ask, { table, isRow, before }: TouchedRow): Promise<boolean> {
  const [stale] = await ask(
    `SELECT count(*) FROM ${quoteRelation("silver", table)} WHERE ${isRow}
      AND _lw_committed_at < TIMESTAMP '${before} UTC'`,
  );
  return stale?.[0] === 0;
}

function equals(table: ManifestTable, key: readonly Value[]): string {
  const literal = (value: Value) =>
    typeof value === "string" ? quoteLiteral(value) : String(value);
  return table.key
    .map((name, i) => `${quoteIdentifier(name)} = ${literal(key[i] ?? null)}`)
    .join(" AND ");
}
