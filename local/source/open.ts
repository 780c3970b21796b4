import { loadLake } from "../../lakes/load";
import { useService } from "../services";
import { postgresConnection } from "../services/postgres-connection";
import { type Progress } from "../toolchain/progress";
import { parseSource, refusePassword, type Source, SOURCE_VARIABLE, sourceOf } from "./connection";
import { ensureDatabase } from "./embedded-database";

/** A source that can be reached until it is disposed of. */
export interface OpenSource extends AsyncDisposable {
  readonly source: Source;
}

/**
 * The source that a command's option `--source` names, else the one in `LAKEWRIGHT_SOURCE`; undefined
 * where neither does.
 * @throws UserError for a connection string that cannot be read or is an argument with a password
 */
export function namedSource(argument: string | undefined): OpenSource | undefined {
  if (argument) refusePassword(argument);
  const text = argument ?? process.env[SOURCE_VARIABLE];
  if (!text) return undefined;
  return { source: parseSource(text), [Symbol.asyncDispose]: async () => undefined };
}

/**
 * The source that a command works on: the named one, else the lake's database in the embedded
 * PostgreSQL, which is started if it does not run.
 *
 * @throws UserError for a lake that there is not, a connection string that cannot be read or is an
 * argument with a password, or a server that does not start
 */
export async function openSource(
  lake: string,
  argument: string | undefined,
  progress?: Progress,
): Promise<OpenSource> {
  return namedSource(argument) ?? (await openEmbeddedSource(lake, progress));
}

/**
 * The lake's database in the embedded PostgreSQL, whatever `LAKEWRIGHT_SOURCE` names: for what
 * changes rows as it likes.
 * @throws UserError for a lake that there is not, or a server that does not start
 */
export async function openEmbeddedSource(lake: string, progress?: Progress): Promise<OpenSource> {
  const { database } = loadLake(lake).definition.source;
  const running = await useService("postgres", progress);
  await ensureDatabase(database);
  const connection = postgresConnection(database);
  const source = sourceOf({ ...connection, mode: "verify-full", embedded: true });
  return { source, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}
