import { UserError } from "../../model/errors";
import type { Manifest } from "../../model/manifest";
import { replicate, type ReplicateOptions, type ReplicationSummary } from "./replicator";
import { replicatorPid } from "./replicator-lock";
import { type ReloadRequest, requestReload, waitUntilServed } from "./requests";
import { readState } from "./state";
import { stoppedTables } from "./table-states";

export interface ReloadOptions extends Omit<ReplicateOptions, "mode"> {
  /** The lake's names of the tables; empty: all of them. */
  readonly tables: readonly string[];
  /** Called when another process replicates the lake and does the reload. */
  readonly onHandedOver?: (pid: number) => void;
}

/**
 * Loads tables anew into a new epoch, while changes go on: by the replicator that runs, or here.
 * @returns what was done here, `undefined` where the running replicator did it
 * @throws UserError for an unknown table, a replicator that ends before it is done, or a table that
 * cannot be represented
 */
export async function reload(options: ReloadOptions): Promise<ReplicationSummary | undefined> {
  const { manifest, paths, tables, signal } = options;
  refuseUnknown(manifest, tables);
  const folder = paths.replication;
  const request: ReloadRequest = requestReload(folder, tables);
  const pid = replicatorPid(folder);
  let summary: ReplicationSummary | undefined;
  if (pid === undefined) {
    summary = await replicate({ ...options, mode: "once" });
  } else {
    options.onHandedOver?.(pid);
    await waitUntilServed(folder, request, () => replicatorPid(folder) !== undefined, signal);
  }
  if (!signal?.aborted) refuseStopped(folder, tables, pid);
  return summary;
}

/** @param pid of the process that did the reload, where it is not this one */
function refuseStopped(folder: string, wanted: readonly string[], pid: number | undefined): void {
  const state = readState(folder);
  const stopped = (state ? stoppedTables(state) : []).filter(
    ({ table }) => wanted.length === 0 || wanted.includes(table),
  );
  if (stopped.length === 0) return;
  const lines = stopped.map(({ table, reason }) => `\n  - ${table}: ${reason}`);
  const advice = pid === undefined ? "" : `\nProcess ${pid} goes by the definition it began with`;
  throw new UserError(`stopped again, for the lake cannot represent it:${lines.join("")}${advice}`);
}

function refuseUnknown(manifest: Manifest, tables: readonly string[]): void {
  const names = manifest.tables.map((table) => table.name);
  const unknown = tables.filter((table) => !names.includes(table));
  if (unknown.length === 0) return;
  throw new UserError(
    `the lake "${manifest.lake}" has no table ${unknown.join(", ")}; expected ${names.join(", ")}`,
  );
}
