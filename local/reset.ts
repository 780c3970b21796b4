import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";

import { UserError } from "../model/errors";
import { lakeHome, ownState, paths } from "./paths";
import {
  dropForeignSlot,
  dropStatement,
  type ForeignSlot,
  foreignSlot,
} from "./replication/foreign-slots";
import { replicatorPid } from "./replication/replicator-lock";
import { removePostgresHome } from "./services/postgres-home";
import { SERVICES } from "./services/registry";
import { liveHolders } from "./services/state";
import { stopService } from "./services/use";
import { lakeWriter } from "./spark/writer-lock";
import { locksFolder, ownParts } from "./toolchain/own-parts";

/**
 * Deletes the state of this checkout: source database, lakes, logs. Replication slots on other
 * servers go first, for the state alone knows of them.
 * @param report told what became of each of those slots
 * @throws {UserError} while another command works on the state
 */
export async function resetState(report: (line: string) => void = () => undefined): Promise<void> {
  refuseWhileUsed();
  for (const slot of slotsElsewhere()) report(await release(slot));
  for (const { name } of SERVICES) await stopService(name);
  removePostgresHome();
  for (const path of ownState()) rmSync(path, { recursive: true, force: true });
  removeIfEmpty(paths().state);
}

/** Deletes the toolchain that all checkouts of this user share; it is fetched again when needed. */
export function resetToolchain(): void {
  const { cache } = paths();
  for (const path of ownParts(cache)) rmSync(path, { recursive: true, force: true });
  removeIfEmpty(locksFolder(cache));
  removeIfEmpty(cache);
}

/** The replication slots that this checkout's lakes hold on servers other than the embedded one. */
export function slotsElsewhere(): ForeignSlot[] {
  return storedLakes().flatMap(({ replication }) => {
    try {
      return foreignSlot(replication) ?? [];
    } catch {
      // A state that cannot be read is one more reason to delete it.
      return [];
    }
  });
}

function refuseWhileUsed(): void {
  const users = new Map<number, string>();
  for (const { name } of SERVICES) {
    for (const { process, command } of liveHolders(name)) {
      if (process) users.set(process.pid, `lake ${command}`);
    }
  }
  for (const { root, replication } of storedLakes()) {
    const writer = lakeWriter(root);
    for (const pid of writer?.pids ?? []) users.set(pid, writer?.command ?? "");
    const replicator = replicatorPid(replication);
    if (replicator && !users.has(replicator)) users.set(replicator, "a replication");
  }
  if (users.size === 0) return;
  const named = [...users].map(([pid, command]) => `${command} (process ${pid})`);
  throw new UserError(`Nothing was deleted: ${named.join(" and ")} still runs. End it first.`);
}

async function release(slot: ForeignSlot): Promise<string> {
  try {
    await dropForeignSlot(slot);
    return `Dropped the replication slot ${slot.name} on ${slot.label}.`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `The replication slot ${slot.name} is still on ${slot.label} (${reason}). Run there: ${dropStatement(slot)}`;
  }
}

function storedLakes() {
  const { lakes } = paths();
  return existsSync(lakes) ? readdirSync(lakes).map((name) => lakeHome(name)) : [];
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}
