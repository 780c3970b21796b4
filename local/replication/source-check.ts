import type { Client } from "pg";

import { lakeColumn } from "../../model/bronze-columns";
import { closestName } from "../../model/closest-name";
import { UserError } from "../../model/errors";
import type { Manifest } from "../../model/manifest";
import type { Source } from "../source/connection";
import { inspectTables } from "../source/inspect";
import {
  fullIdentityReason,
  preparationSql,
  type PreparedTable,
  publicationName,
} from "../source/prepare";
import type { SourceIdentity } from "./state";

/** Oldest server that the preparing SQL runs on. */
const OLDEST_VERSION = 140_000;

/**
 * Which database this is.
 * @throws UserError when the server is too old or does not keep logical WAL
 */
export async function identifySource(client: Client, source: Source): Promise<SourceIdentity> {
  const { rows } = await client.query<Record<string, string>>(
    `SELECT current_setting('server_version_num') AS version, current_setting('wal_level') AS wal,
            current_database() AS database,
            (SELECT system_identifier FROM pg_control_system()) AS system`,
  );
  const row = rows[0] ?? {};
  if (Number(row.version) < OLDEST_VERSION) {
    throw new UserError(`${source.label} is PostgreSQL ${row.version}; expected 14 or newer`);
  }
  if (row.wal !== "logical") {
    throw new UserError(
      `${source.label} has wal_level ${row.wal}; logical replication needs ` +
        `ALTER SYSTEM SET wal_level = logical and a restart (Amazon RDS: rds.logical_replication = 1)`,
    );
  }
  const identity = { system: row.system ?? "", database: row.database ?? "" };
  return source.embedded ? identity : { ...identity, label: source.label };
}

/** The lake's tables with what the source says about them. */
export async function findTables(
  client: Client,
  manifest: Manifest,
): Promise<{ found: PreparedTable[]; missing: string[] }> {
  const names = manifest.tables.map((table) => ({
    schema: table.source_schema,
    name: table.source_table,
  }));
  const facts = new Map(
    (await inspectTables(client, names)).map((table) => [`${table.schema}.${table.name}`, table]),
  );
  const found: PreparedTable[] = [];
  const missing: string[] = [];
  for (const table of manifest.tables) {
    const name = `${table.source_schema}.${table.source_table}`;
    const known = facts.get(name);
    if (known) found.push({ table, facts: known });
    else missing.push(name);
  }
  return { found, missing };
}

/**
 * The lake's tables, all of which the source must have.
 * @throws UserError for those that it does not have
 */
export async function requireTables(
  client: Client,
  source: Source,
  manifest: Manifest,
): Promise<PreparedTable[]> {
  const { found, missing } = await findTables(client, manifest);
  if (found.length === 0) throw hasNone(source, manifest);
  if (missing.length === 0) return found;
  throw new UserError(
    `${source.label} has no table ${missing.join(", ")}: correct sourceSchema and sourceTable, or take it out of the lake "${manifest.lake}"`,
  );
}

function hasNone({ label, embedded }: Source, { lake }: Manifest): UserError {
  const remedy = embedded
    ? `./lake seed ${lake} fills it`
    : `is it the right database, or are sourceSchema and sourceTable wrong?`;
  return new UserError(`${label} has none of the tables of the lake "${lake}": ${remedy}`);
}

/**
 * Makes sure that the source is prepared, preparing it where `apply` allows that.
 * @param loaded the lake's tables that have a load; columns that their source has lost stay null
 * @returns the tables that the source has; of others it says so
 * @throws UserError listing all that is missing, with the command that prints the remedy
 */
export async function ensurePrepared(
  client: Client,
  source: Source,
  manifest: Manifest,
  apply: boolean,
  loaded: ReadonlySet<string>,
  notice: (text: string) => void,
): Promise<PreparedTable[]> {
  const { found, missing } = await findTables(client, manifest);
  if (found.length === 0) throw hasNone(source, manifest);
  for (const name of missing) {
    notice(`table ${name} is not in the source; it is left out`);
  }
  const absent = found.flatMap(absentColumns);
  for (const { problem } of absent.filter(({ table }) => loaded.has(table))) {
    notice(`${problem}; it is null from now on`);
  }
  refuse(source, [
    ...found.flatMap(generatedColumns),
    ...absent.filter(({ table }) => !loaded.has(table)).map(({ problem }) => problem),
  ]);
  if ((await preparationProblems(client, manifest, found)).length === 0) return found;
  if (apply) await prepare(client, source, manifest, found);
  const { found: prepared } = await findTables(client, manifest);
  const problems = await preparationProblems(client, manifest, prepared);
  refuse(source, problems, "Run what `./lake source sql` prints, or let `--prepare` run it");
  return prepared;
}

async function prepare(
  client: Client,
  source: Source,
  manifest: Manifest,
  tables: readonly PreparedTable[],
): Promise<void> {
  try {
    // Waiting for a lock makes the application's own statements wait behind it.
    await client.query(
      `BEGIN; SET LOCAL lock_timeout = '10s';
       ${preparationSql(manifest, tables, source.user)}
       COMMIT`,
    );
  } catch (error) {
    await client.query("ROLLBACK");
    const { message } = error as Error;
    throw new UserError(
      `${source.user} may not prepare ${source.label}: ${message}. ` +
        "Have an administrator run what `./lake source sql` prints",
    );
  }
}

function refuse(source: Source, problems: readonly string[], remedy?: string): void {
  if (problems.length === 0) return;
  const list = problems.map((problem) => `  - ${problem}`).join("\n");
  throw new UserError(
    `${source.label} cannot be replicated as it is:\n${list}${remedy ? `\n${remedy}.` : ""}`,
  );
}

/** Columns of the definition that the source has under no such name. */
function absentColumns({ table, facts }: PreparedTable): { table: string; problem: string }[] {
  const declared = table.source_columns.map(({ name }) => name);
  const names = facts.columns.map(({ name }) => lakeColumn(name));
  const spare = names.filter((name) => !declared.includes(name));
  return declared
    .filter((name) => !names.includes(name))
    .map((name) => {
      const closest = closestName(name, spare);
      const found = closest ? `; did you mean ${closest}?` : `; found ${names.join(", ")}`;
      return {
        table: table.name,
        problem: `table ${facts.schema}.${facts.name} has no column ${name}, which the lake's definition declares${found}`,
      };
    });
}

/** Columns of the definition that the stream of changes does not have. */
function generatedColumns({ table, facts }: PreparedTable): string[] {
  const generated = new Set(
    facts.columns.filter((column) => column.generated).map(({ name }) => lakeColumn(name)),
  );
  return table.source_columns
    .filter((column) => generated.has(column.name))
    .map(
      (column) =>
        `column ${column.name} of ${facts.schema}.${facts.name} is generated by the database, and ` +
        `logical replication does not send it: leave it out of the definition and derive it in silver`,
    );
}

async function preparationProblems(
  client: Client,
  manifest: Manifest,
  tables: readonly PreparedTable[],
): Promise<string[]> {
  const { control } = manifest;
  const controls = [control.truncations, control.heartbeat];
  const problems: string[] = [];
  const existing = await inspectTables(
    client,
    controls.map((name) => ({ schema: control.schema, name })),
  );
  for (const name of controls) {
    if (!existing.some((table) => table.name === name)) {
      problems.push(`control table ${control.schema}.${name} is missing`);
    }
  }
  const published = await publishedTables(client, publicationName(manifest.lake));
  const wanted = [
    ...tables.map(({ facts }) => `${facts.schema}.${facts.name}`),
    ...controls.map((name) => `${control.schema}.${name}`),
  ];
  const unpublished = wanted.filter((name) => !published.has(name));
  if (unpublished.length > 0) {
    const publication = publicationName(manifest.lake);
    problems.push(`publication ${publication} lacks ${unpublished.join(", ")}`);
  }
  problems.push(...tables.flatMap(identityProblem));
  return problems;
}

function identityProblem({ table, facts }: PreparedTable): string[] {
  const reason = fullIdentityReason(table, facts);
  if (facts.identity === "full" || (!reason && !keyProblem({ table, facts }))) return [];
  const found = `REPLICA IDENTITY ${facts.identity.toUpperCase()}`;
  const why = reason ?? `its changes do not name the key (${table.key.join(", ")})`;
  const large = facts.columns
    .filter((column) =>
      /^(text|json|jsonb|bytea|xml|character varying|.*\[\])/.test(column.typeName),
    )
    .map((column) => column.name);
  const columns = facts.toastable && large.length > 0 ? ` (columns ${large.join(", ")})` : "";
  return [
    `table ${facts.schema}.${facts.name} has ${found} and needs FULL: ${why}${columns}; ` +
      `else an update would overwrite what it leaves out with null`,
  ];
}

/** Why the changes of a table do not say which of the lake's rows they are of, `undefined` if they do. */
export function keyProblem({ table, facts }: PreparedTable): string | undefined {
  if (facts.identity === "full") return undefined;
  const identity = facts.identityColumns.map(lakeColumn);
  if (table.key.every((column) => identity.includes(column))) return undefined;
  return (
    `${facts.schema}.${facts.name} has REPLICA IDENTITY ${facts.identity.toUpperCase()}, by which ` +
    `its changes do not name the key (${table.key.join(", ")}). Run what \`./lake source sql\` prints`
  );
}

async function publishedTables(client: Client, publication: string): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_publication_tables WHERE pubname = $1`,
    [publication],
  );
  return new Set(rows.map((row) => row.name));
}
