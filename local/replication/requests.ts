import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "../../model/errors";
import { readJson, writeWhole } from "../process/files";

/** A wish for a new full load. */
export interface ReloadRequest {
  readonly id: string;
  /** The lake's names of the tables; empty: all of them. */
  readonly tables: readonly string[];
}

const FOLDER = "requests";

/** Asks the replicator, now or when it next runs, for a new full load. */
export function requestReload(folder: string, tables: readonly string[]): ReloadRequest {
  // Names sort by time, so that requests are served in order.
  const id = `${String(Date.now()).padStart(14, "0")}-${randomUUID()}`;
  const request = { id, tables };
  writeWhole(join(folder, FOLDER, `${id}.json`), JSON.stringify(request));
  return request;
}

/** Requests not yet served, oldest first. */
export function pendingRequests(folder: string): ReloadRequest[] {
  const path = join(folder, FOLDER);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .flatMap((name) => readJson<ReloadRequest>(join(path, name)) ?? []);
}

/** The load that the request wanted is complete. */
export function requestServed(folder: string, { id }: ReloadRequest): void {
  rmSync(join(folder, FOLDER, `${id}.json`), { force: true });
}

/**
 * Waits until a running replicator has served a request.
 * @param isReplicating whether the replicator still runs
 * @throws UserError when it ends before
 */
export async function waitUntilServed(
  folder: string,
  { id }: ReloadRequest,
  isReplicating: () => boolean,
  signal?: AbortSignal,
): Promise<void> {
  const path = join(folder, FOLDER, `${id}.json`);
  while (existsSync(path) && !signal?.aborted) {
    if (!isReplicating()) {
      throw new UserError(
        "the replicator ended before the reload was done; it goes on when it runs again " +
          "(`./lake replicate`)",
      );
    }
    await sleep(100);
  }
}
