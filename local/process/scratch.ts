import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { readJson, writeWhole } from "./files";
import { isAlive, type ProcessRef, thisProcess } from "./identity";
import { withLock } from "./lock";

const OWNER_FILE = "owner.json";

/** A folder for this process's own use, removed with all that is in it when disposed of. */
export interface Scratch extends Disposable {
  readonly folder: string;
}

/**
 * Makes a scratch folder `<parent>/<kind>-…`, and removes those of its kind whose process was
 * killed before it could.
 */
export async function makeScratch(parent: string, kind: string): Promise<Scratch> {
  const prefix = `${kind}-`;
  const folder = await withLock(join(parent, "run", `${kind}-scratch`), async () => {
    for (const name of readdirSync(parent).filter((entry) => entry.startsWith(prefix))) {
      if (!isUsed(join(parent, name))) rmSync(join(parent, name), { recursive: true, force: true });
    }
    const made = mkdtempSync(join(parent, prefix));
    writeWhole(join(made, OWNER_FILE), JSON.stringify(thisProcess()));
    return made;
  });
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

function isUsed(folder: string): boolean {
  const owner = readJson<ProcessRef>(join(folder, OWNER_FILE));
  return owner !== undefined && isAlive(owner);
}
