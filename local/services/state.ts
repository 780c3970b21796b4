import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { paths } from "../paths";
import { isSameFolder, readJson, writeWhole } from "../process/files";
import { isAlive, type ProcessRef, thisProcess } from "../process/identity";

/** What a file of the state folder belongs to: one that came along with a copy counts for nothing. */
interface Belonging {
  /** The state folder. */
  readonly home: string;
}

/** What a guardian says about its server, in run/<service>.json. */
export interface ServiceState extends Belonging {
  readonly service: string;
  readonly state: "starting" | "ready" | "stopping" | "failed";
  /** What it is doing, or why it failed. */
  readonly message: string;
  readonly guardian: ProcessRef;
  readonly pid?: number;
  readonly port?: number;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** Somebody for whom the service must run. */
export interface Holder extends Belonging {
  /** The process, absent for the permanent holder that `lake up` leaves. */
  readonly process?: ProcessRef;
  /** The subcommand, without arguments, which may hold credentials. */
  readonly command: string;
}

const stateFile = (service: string) => join(paths().run, `${service}.json`);
const holdersFolder = (service: string) => join(paths().run, "holders", service);

/** The lock under which a service's guardian is started and decides to stop. */
export const serviceLock = (service: string) => join(paths().run, service);

export const serviceLog = (service: string) => join(paths().logs, `${service}.log`);

export function readState(service: string): ServiceState | undefined {
  return readOwn<ServiceState>(stateFile(service));
}

function readOwn<T extends Belonging>(file: string): T | undefined {
  const content = readJson<T>(file);
  return content?.home && isSameFolder(content.home, paths().state) ? content : undefined;
}

export function writeState(state: ServiceState): void {
  writeWhole(stateFile(state.service), JSON.stringify(state));
}

export function removeState(service: string): void {
  rmSync(stateFile(service), { force: true });
}

const portFile = (service: string) => join(paths().run, `${service}.port.json`);

export function rememberPort(service: string, port: number): void {
  writeWhole(portFile(service), JSON.stringify(port));
}

export function lastPort(service: string): number | undefined {
  return readJson<number>(portFile(service));
}

let holdersOfThisProcess = 0;
const heldFiles = new Set<string>();
process.once("exit", () => heldFiles.forEach((file) => rmSync(file, { force: true })));

/**
 * Registers this process as a user of the service.
 * @returns a function that ends it; the end of the process does the same
 */
export function addHolder(service: string): () => void {
  const file = join(holdersFolder(service), `${process.pid}-${++holdersOfThisProcess}.json`);
  const holder: Holder = {
    home: paths().state,
    process: thisProcess(),
    command: process.argv[2] ?? "",
  };
  writeWhole(file, JSON.stringify(holder));
  heldFiles.add(file);
  return () => {
    heldFiles.delete(file);
    rmSync(file, { force: true });
  };
}

const permanentFile = (service: string) => join(holdersFolder(service), "up.json");

/** Registers the holder that stays until `lake down`. */
export function addPermanentHolder(service: string): void {
  const holder: Holder = { home: paths().state, command: "up" };
  writeWhole(permanentFile(service), JSON.stringify(holder));
}

/** @returns whether there was one */
export function removePermanentHolder(service: string): boolean {
  const wasUp = readOwn<Holder>(permanentFile(service)) !== undefined;
  rmSync(permanentFile(service), { force: true });
  return wasUp;
}

/** Who needs the service now; forgets holders whose process has ended. */
export function liveHolders(service: string): Holder[] {
  const folder = holdersFolder(service);
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const file = join(folder, name);
      const holder = readOwn<Holder>(file);
      if (!holder) return [];
      if (!holder.process || isAlive(holder.process)) return [holder];
      rmSync(file, { force: true });
      return [];
    });
}
