import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { paths } from "../local/paths";
import { UserError } from "../model/errors";

const POLL_MS = 300;

/**
 * The log files, or the one of `service`.
 * @throws {UserError} when there is none
 */
export function findLogs(service?: string): string[] {
  const folder = paths().logs;
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith(".log"))
    : [];
  const wanted = service ? names.filter((name) => name === `${service}.log`) : names.sort();
  if (wanted.length > 0) return wanted.map((name) => join(folder, name));
  const known = names.map((name) => basename(name, ".log")).join(", ");
  throw new UserError(
    service && known
      ? `There is no log of "${service}"; there are ${known}.`
      : "Nothing has been logged yet: no service has run in this checkout.",
  );
}

/** The last `count` lines of a file. */
export function lastLines(file: string, count: number): string {
  if (!Number.isInteger(count) || count < 0)
    throw new UserError("--lines needs a whole number of lines, such as 100.");
  const lines = readFileSync(file, "utf8").split("\n");
  const from = Math.max(0, lines.length - 1 - count);
  return lines.slice(from).join("\n");
}

/** Prints what is added to the files until `signal`. */
export async function followLogs(files: readonly string[], signal: AbortSignal): Promise<void> {
  const read = new Map(files.map((file) => [file, statSync(file).size]));
  for (let last = ""; !signal.aborted; await sleep(POLL_MS)) {
    for (const [file, from] of read) {
      const added = readFrom(file, from);
      read.set(file, added.size);
      if (!added.text) continue;
      if (files.length > 1 && file !== last) console.log(`==> ${file} <==`);
      process.stdout.write(added.text);
      last = file;
    }
  }
}

/** What stands in the file from a byte on; all of it when the file was begun anew. */
function readFrom(file: string, from: number): { text: string; size: number } {
  if (!existsSync(file)) return { text: "", size: 0 };
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const start = size < from ? 0 : from;
    const bytes = Buffer.alloc(size - start);
    readSync(descriptor, bytes, 0, bytes.length, start);
    return { text: bytes.toString(), size };
  } finally {
    closeSync(descriptor);
  }
}
