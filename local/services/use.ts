import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "../../model/errors";
import { paths } from "../paths";
import { isAlive, isSameProcess, thisProcess } from "../process/identity";
import { withLock } from "../process/lock";
import { consoleProgress, type Progress, READY } from "../toolchain/progress";
import { endOrphans } from "./orphans";
import { findService } from "./registry";
import type { Service, ServiceName } from "./service";
import {
  addHolder,
  addPermanentHolder,
  type Holder,
  liveHolders,
  readState,
  removePermanentHolder,
  removeState,
  serviceLock,
  serviceLog,
  type ServiceState,
} from "./state";

/** A server that runs at least until it is disposed of. */
export interface Running extends AsyncDisposable {
  readonly service: ServiceName;
  /** On 127.0.0.1. */
  readonly port: number;
  readonly pid: number;
}

/** Guardians that may be killed while they start before a command gives up. */
const START_ATTEMPTS = 3;

/**
 * Makes sure that a service runs while the caller needs it: `await using db = await
 * useService("postgres")`. The first user's call starts it; it stops soon after its last user
 * has disposed of it or ended in any way, unless `lake up` was called. Any number of processes
 * may call this at once.
 *
 * @throws {UserError} when it cannot be installed or does not start, with the log's last lines
 */
export async function useService(
  name: ServiceName,
  progress: Progress = consoleProgress(),
): Promise<Running> {
  const service = findService(name);
  await service.prepare(progress);
  const removeHolder = addHolder(name);
  const release = async () => {
    removeHolder();
    await endIfAbandoned(service);
  };
  try {
    const state = await start(service, (message) => progress(service.title, message));
    return {
      service: name,
      port: state.port as number,
      pid: state.pid as number,
      [Symbol.asyncDispose]: release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Starts a service that stays until `lake down`. */
export async function keepService(name: ServiceName, progress?: Progress): Promise<ServiceState> {
  await using running = await useService(name, progress);
  addPermanentHolder(running.service);
  return readState(name) as ServiceState;
}

/** A service's state as far as its guardian lives, else `undefined`. */
export function currentState(name: string): ServiceState | undefined {
  const state = readState(name);
  return state && isAlive(state.guardian) ? state : undefined;
}

/**
 * Ends what `lake up` began, and a server whose guardian was killed. Where other processes need
 * the service it runs on; otherwise this returns when it has stopped.
 */
export async function stopService(
  name: ServiceName,
): Promise<{ readonly wasRunning: boolean; readonly holders: readonly Holder[] }> {
  const wasRunning = currentState(name) !== undefined;
  removePermanentHolder(name);
  await endIfAbandoned(findService(name));
  while (currentState(name) && liveHolders(name).length === 0) await sleep(100);
  return { wasRunning, holders: liveHolders(name) };
}

/**
 * Stops a service that runs for this process and `lake up` alone; its next user starts it anew.
 * @returns other processes that use it, for which it runs on
 */
export async function stopUnlessShared(name: ServiceName): Promise<readonly Holder[]> {
  const others = liveHolders(name).filter(
    ({ process: user }) => user && !isSameProcess(user, thisProcess()),
  );
  const guardian = currentState(name)?.guardian;
  if (others.length > 0 || !guardian) return others;
  process.kill(guardian.pid, "SIGTERM");
  while (isAlive(guardian)) await sleep(50);
  return [];
}

async function start(service: Service, report: (message: string) => void): Promise<ServiceState> {
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
    const guardian = await ensureGuardian(service);
    let shown = "";
    for (;;) {
      const state = readState(service.name);
      if (!state || !isSameProcess(state.guardian, guardian)) break;
      if (state.state === "ready") {
        if (shown) report(READY);
        return state;
      }
      if (state.state === "failed") throw startFailure(service, state.message);
      if (!isAlive(state.guardian)) break;
      const seconds = Math.round((Date.now() - Date.parse(state.startedAt)) / 1000);
      const message = `${state.message} (${seconds} s)`;
      if (seconds > 0 && message !== shown) report((shown = message));
      await sleep(50);
    }
  }
  throw startFailure(service, "its guardian was ended while it started");
}

/** Finds the service's guardian or starts one. */
async function ensureGuardian(service: Service): Promise<ServiceState["guardian"]> {
  for (;;) {
    const state = await withLock(serviceLock(service.name), async () => {
      const found = currentState(service.name);
      if (found) return found;
      await endOrphans(service);
      return spawnGuardian(service);
    });
    if (state.state !== "stopping") return state.guardian;
    await sleep(100);
  }
}

async function spawnGuardian(service: Service): Promise<ServiceState> {
  mkdirSync(paths().logs, { recursive: true });
  const log = openSync(serviceLog(service.name), "a", 0o600);
  const script = join(__dirname, "guardian.mjs");
  const guardian = spawn(process.execPath, [script, service.name], {
    cwd: paths().project,
    detached: true,
    env: process.env,
    stdio: ["ignore", log, log],
  });
  guardian.unref();
  let exited = false;
  guardian.once("exit", () => (exited = true));
  for (;;) {
    const state = readState(service.name);
    if (state && state.guardian.pid === guardian.pid) return state;
    if (exited) throw startFailure(service, "its guardian could not start");
    await sleep(20);
  }
}

/** Where the guardian was killed, its server is ended by the last user to leave. */
async function endIfAbandoned(service: Service): Promise<void> {
  const state = readState(service.name);
  if (!state || isAlive(state.guardian)) return;
  await withLock(serviceLock(service.name), async () => {
    if (currentState(service.name) || liveHolders(service.name).length > 0) return;
    await endOrphans(service);
    removeState(service.name);
  });
}

function startFailure(service: Service, message: string): UserError {
  const log = serviceLog(service.name);
  const tail = readFileSync(log, "utf8").trimEnd().split("\n").slice(-12).join("\n");
  return new UserError(
    `${service.title} could not start: ${message}.\nThe end of ${log}:\n${tail}`,
  );
}
