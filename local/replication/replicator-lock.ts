import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../model/errors";
import { readJson, writeWhole } from "../process/files";
import { isAlive, type ProcessRef, thisProcess } from "../process/identity";
import { withLock } from "../process/lock";

const FILE = "replicator.json";

/** The process that replicates this lake, `undefined` when none does. */
export function replicatorPid(folder: string): number | undefined {
  const holder = readJson<ProcessRef>(join(folder, FILE));
  return holder && isAlive(holder) ? holder.pid : undefined;
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
    writeWhole(path, JSON.stringify(thisProcess()));
  });
  return () => {
    if (existsSync(path)) rmSync(path, { force: true });
  };
}
