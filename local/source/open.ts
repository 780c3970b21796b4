import { type Running, useService } from "../services";
import { postgresConnection } from "../services/postgres-connection";
import { type Progress } from "../toolchain/progress";
import { parseSource, refusePassword, type Source, SOURCE_VARIABLE, sourceOf } from "./connection";

/** A source that can be reached until it is disposed of. */
export interface OpenSource extends AsyncDisposable {
  readonly source: Source;
}

/**
 * The source that a command works on: the one of its option `--source`, else the one in
 * `LAKEWRIGHT_SOURCE`, else the embedded PostgreSQL, which is started if it does not run.
 *
 * @throws UserError for a connection string that cannot be read or is an argument with a password,
 * or a server that does not start
 */
export async function openSource(
  argument: string | undefined,
  progress?: Progress,
): Promise<OpenSource> {
  if (argument) refusePassword(argument);
  const text = argument ?? process.env[SOURCE_VARIABLE];
  if (!text) return openEmbeddedSource(progress);
  return { source: parseSource(text), [Symbol.asyncDispose]: async () => undefined };
}

/**
 * The embedded PostgreSQL, whatever `LAKEWRIGHT_SOURCE` names: for what changes rows as it likes.
 * @throws UserError for a server that does not start
 */
export async function openEmbeddedSource(progress?: Progress): Promise<OpenSource> {
  const running: Running = await useService("postgres", progress);
  const source = sourceOf({ ...postgresConnection(), mode: "verify-full", embedded: true });
  return { source, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}
