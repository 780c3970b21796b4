import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { type Client, DatabaseError } from "pg";
import { from as copyFrom } from "pg-copy-streams";

import type { SampleOptions, SampleSource, SampleTable } from "../../lakes/sample-source";
import { UserError } from "../../model/errors";
import { quoteIdentifier, quoteLiteral } from "./identifiers";
import { dropConstraints } from "./seed-constraints";
import { findState, type SampleState } from "./seed-state";

export interface SeedRequest {
  /** Connection for this alone; it is left usable. */
  readonly client: Client;
  readonly sample: SampleSource;
  readonly options: SampleOptions;
  /** What may be done to tables that are there already. */
  readonly existing: "refuse" | "fill-empty" | "replace";
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SeedProgress) => void;
}

/** Rows that a table has of those it will have; in the end, keys and indexes that are built. */
export type SeedProgress =
  | {
      readonly phase: "rows";
      readonly table: string;
      readonly rows: number;
      readonly total: number;
    }
  | { readonly phase: "constraints"; readonly done: number; readonly total: number };

export interface SeedResult {
  /** Rows per table, in the order of loading. */
  readonly rows: Readonly<Record<string, number>>;
  /** Tables were dropped and made anew, so publications no longer hold them. */
  readonly recreated: boolean;
}

/** Bytes of COPY text that are sent at once. */
const CHUNK = 256 * 1024;

/**
 * Loads generated rows, all in one transaction: an interrupted seed leaves the database as it was.
 * Foreign keys and secondary indexes are taken off and put back after the rows, when the database
 * checks them at once.
 * @throws UserError when tables are there that `existing` does not allow to fill or replace
 */
export async function seed(request: SeedRequest): Promise<SeedResult> {
  const { client, sample, options, signal } = request;
  const state = await findState(client, sample);
  const recreated = decide(state, request.existing);
  await client.query("BEGIN");
  try {
    await client.query("SET LOCAL lock_timeout = '30s'");
    await client.query("SET LOCAL maintenance_work_mem = '256MB'");
    await client.query("SET LOCAL search_path = public");
    await prepareTables(client, sample, state, recreated);
    const constraints = await dropConstraints(client, sample.tables);
    const rows: Record<string, number> = {};
    for (const table of sample.generate(options)) {
      rows[table.name] = await load(client, table, request);
    }
    for (const [done, statement] of constraints.entries()) {
      signal?.throwIfAborted();
      request.onProgress?.({ phase: "constraints", done, total: constraints.length });
      await client.query(statement);
    }
    request.onProgress?.({
      phase: "constraints",
      done: constraints.length,
      total: constraints.length,
    });
    await advanceSequences(client, sample.tables);
    signal?.throwIfAborted();
    await client.query("COMMIT");
    await client.query(`ANALYZE ${tableList(sample.tables)}`);
    return { rows, recreated };
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw explained(error);
  }
}

/** Whether the tables have to be dropped and made anew. */
function decide(state: SampleState, existing: SeedRequest["existing"]): boolean {
  if (state.kind === "absent") return false;
  if (existing === "refuse") {
    throw new UserError(
      `the database has the table ${state.tables[0]} already, and seeding never touches tables of a database that is not Lakewright's own; ` +
        "give an empty database, or drop the sample's tables there by hand",
    );
  }
  if (state.kind === "different" && existing === "fill-empty") {
    throw new UserError(
      `the source's tables are not those of the sample: ${state.difference}; seed with --clean to drop them and start over`,
    );
  }
  if (state.kind === "filled" && existing === "fill-empty") {
    throw new UserError(
      `the source holds data already (table ${state.table}); seed with --clean to delete it and start over`,
    );
  }
  return state.kind === "different";
}

async function prepareTables(
  client: Client,
  sample: SampleSource,
  state: SampleState,
  recreate: boolean,
): Promise<void> {
  if (recreate) await client.query(`DROP TABLE IF EXISTS ${tableList(sample.tables)}`);
  if (recreate || state.kind === "absent") {
    await client.query(await readFile(sample.schemaFile, "utf8"));
  } else if (state.kind === "filled") {
    await client.query(`TRUNCATE ${tableList(sample.tables)}`);
  }
}

async function load(client: Client, table: SampleTable, request: SeedRequest): Promise<number> {
  const columns = table.columns.map(quoteIdentifier).join(", ");
  const target = client.query(
    copyFrom(`COPY ${qualified(table.name)} (${columns}) FROM STDIN WITH (FORMAT text)`),
  );
  const report = (rows: number) =>
    request.onProgress?.({ phase: "rows", table: table.name, rows, total: table.rowCount });
  report(0);
  await pipeline(Readable.from(chunks(table, report), { objectMode: true }), target, {
    signal: request.signal,
  });
  report(target.rowCount);
  return target.rowCount;
}

function* chunks(table: SampleTable, report: (rows: number) => void): Iterable<Buffer> {
  let text = "";
  let rows = 0;
  for (const row of table.rows()) {
    text += row;
    rows++;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    if (rows < table.rowCount) report(rows);
    text = "";
  }
  if (text !== "") yield Buffer.from(text);
}

/** Lets every identity column go on after the highest loaded value. */
async function advanceSequences(client: Client, tables: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    `SELECT c.relname AS table, a.attname AS column,
            pg_get_serial_sequence(format('%I.%I', 'public', c.relname), a.attname) AS sequence
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> ''
     WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1)`,
    [tables],
  );
  for (const { table, column, sequence } of rows) {
    const newest = `(SELECT max(${quoteIdentifier(column)}) FROM ${qualified(table)})`;
    await client.query(
      `SELECT setval(${quoteLiteral(sequence)}, coalesce(${newest}, 1), ${newest} IS NOT NULL)`,
    );
  }
}

function tableList(tables: readonly string[]): string {
  return tables.map(qualified).join(", ");
}

function qualified(table: string): string {
  return `public.${quoteIdentifier(table)}`;
}

/** What the user can do about an error of the database; other errors as they are. */
function explained(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  if (error.code === "55P03") {
    return new UserError(
      "the sample's tables are in use by another session for more than 30 s; end what is running on the source (a load or a workload) and seed again",
    );
  }
  if (error.code === "2BP01" || error.code === "0A000" || error.code === "42501") {
    return new UserError(`cannot seed the source: ${error.message}. ${error.detail ?? ""}`.trim());
  }
  return error;
}
