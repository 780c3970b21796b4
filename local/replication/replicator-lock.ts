import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../model/errors";
import { readJson, writeWhole } from "../process/files";
import { isRunning, processIdentity } from "../process/identity";
import { withLock } from "../process/lock";

interface Holder {
  readonly pid: number;
  /** Tells the process from a later one with its pid. */
  readonly identity: string;
}

const FILE = "replicator.json";

/** The process that replicates this lake, `undefined` when none does. */
export function replicatorPid(folder: string): number | undefined {
  const holder = readJson<Holder>(join(folder, FILE));
  return holder && isRunning(holder.pid, holder.identity) ? holder.pid : undefined;
}

/**
 * Makes this process the one that replicates the lake, until the function returned is called.
 * A process that was killed holds nothing.
 * @throws UserError when another process replicates it
 */
export async function becomeReplicator(folder: string): Promise<() => void> {
  const path = join(folder, FILE);
  await withLock(`${path}.lock`, async () => {
    const pid = replicatorPid(folder);
    if (pid !== undefined) {
      throw new UserError(
        `process ${pid} replicates this lake already; one replicator per lake runs at a time`,
      );
    }
    const identity = processIdentity(process.pid) ?? "";
    writeWhole(path, JSON.stringify({ pid: process.pid, identity } satisfies Holder));
  });
  return () => {
    if (existsSync(path)) rmSync(path, { force: true });
  };
}
