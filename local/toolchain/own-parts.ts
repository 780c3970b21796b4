import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const HASH = "[0-9a-f]{12}";
const PART = `(python(-test)?-${HASH}|java\\d+|jars-${HASH}|trino-\\d+)`;
/** Parts, drafts of parts, and the trust stores beside them. */
const OWN = new RegExp(`^(${PART}|\\.${PART}\\.[0-9a-f]{8}|truststore-${HASH}\\.jks)$`);
const OWN_LOCK = new RegExp(`^${PART}\\.lock$`);

/** Where `installOnce` keeps its locks. */
export const locksFolder = (cache: string) => join(cache, "locks");

/** What installations have made in the cache folder, which may be one that holds other things as well. */
export function ownParts(cache: string): string[] {
  return [...entries(cache, OWN), ...entries(locksFolder(cache), OWN_LOCK)];
}

function entries(folder: string, names: RegExp): string[] {
  if (!existsSync(folder)) return [];
  const own = readdirSync(folder).filter((name) => names.test(name));
  return own.map((name) => join(folder, name));
}
