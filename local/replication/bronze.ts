import { existsSync, readdirSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { BRONZE_SUFFIX, type BronzeFormat } from "../../model/bronze-format";
import { epochFolder } from "../../model/epoch";

/** A table's place in bronze: `<bronze>/e0001/<schema>/<table>`. */
export interface BronzeTable {
  readonly bronze: string;
  readonly epoch: number;
  readonly schema: string;
  readonly table: string;
}

export function tableFolder({ bronze, epoch, schema, table }: BronzeTable): string {
  return join(bronze, epochFolder(epoch), schema, table);
}

/** Name of the nth full load file, from 1: `LOAD0000000A.parquet`. */
export function loadFileName(number: number, format: BronzeFormat): string {
  return `LOAD${number.toString(16).toUpperCase().padStart(8, "0")}${BRONZE_SUFFIX[format]}`;
}

/** The file that says a table's full load is there, with the changes made during it. */
export const LOAD_COMPLETE = "_LOAD_COMPLETE";

/** The highest epoch that has a folder, 0 without any. */
export function highestEpoch(bronze: string): number {
  if (!existsSync(bronze)) return 0;
  const epochs = readdirSync(bronze).map((name) => Number(/^e(\d{4,})$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...epochs);
}

/**
 * Names change files by the moment of writing, `2026/11/21/20261121-051704123.parquet`.
 *
 * The names of a table only grow, also within a millisecond, when the clock is set back and after a
 * restart, for then they go on from the newest file in the folder.
 */
export class FileNames {
  private readonly newest = new Map<string, number>();

  constructor(private readonly format: BronzeFormat) {}

  /** Path below `folder` for a file written at `now` (ms since 1970). */
  next(folder: string, now: number = Date.now()): string {
    const last = this.newest.get(folder) ?? newestStamp(folder);
    const stamp = Math.max(now, last + 1);
    this.newest.set(folder, stamp);
    const [day, time] = new Date(stamp).toISOString().split("T") as [string, string];
    const digits = `${day.replaceAll("-", "")}-${time.replace(/\D/g, "")}`;
    return join(folder, ...day.split("-"), `${digits}${BRONZE_SUFFIX[this.format]}`);
  }
}

const DATE_FOLDERS = [/^\d{4}$/, /^\d\d$/, /^\d\d$/];
const CHANGE_FILE = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(\d{3})\.(?:parquet|csv\.gz)$/;

/** The change file of a table that was written last, `undefined` without any. */
export function newestChangeFile(folder: string): string | undefined {
  return newestPath(folder, [...DATE_FOLDERS, CHANGE_FILE]);
}

/** When the newest change file of a table was written (ms since 1970), 0 without any. */
export function newestStamp(folder: string): number {
  const match = CHANGE_FILE.exec(basename(newestChangeFile(folder) ?? ""));
  if (!match) return 0;
  const [year, month, ...rest] = match.slice(1).map(Number) as [number, number, ...number[]];
  return Date.UTC(year, month - 1, ...(rest as [number]));
}

/** A table's newest folder of changes: the only one that is written to. */
function newestDateFolder(folder: string): string | undefined {
  return newestPath(folder, DATE_FOLDERS);
}

/** Goes down by the newest name of each pattern; `undefined` where there is none. */
function newestPath(folder: string, patterns: readonly RegExp[]): string | undefined {
  let path = folder;
  for (const pattern of patterns) {
    const newest = entries(path)
      .filter((name) => pattern.test(name))
      .sort()
      .at(-1);
    if (!newest) return undefined;
    path = join(path, newest);
  }
  return path;
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/**
 * Writes a file so that it appears whole or not at all, and stays when the machine loses power:
 * under a hidden name in its folder, flushed to disk, then renamed.
 *
 * @param write fills the draft at the path given
 */
export async function writeDurably(
  path: string,
  write: (draft: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  await makeFolderDurably(folder);
  const draft = join(folder, `.${path.slice(folder.length + 1)}.draft`);
  try {
    await write(draft);
    await flush(draft);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await flush(folder);
}

async function makeFolderDurably(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (!first) return;
  // Every folder made is an entry of its parent that must reach the disk too.
  for (let path = folder; path.length >= first.length; path = dirname(path)) {
    await flush(dirname(path));
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes hidden drafts that a killed process left of a table's load and of its newest changes. */
export async function removeDrafts(folder: string): Promise<void> {
  for (const place of [folder, newestDateFolder(folder) ?? folder]) {
    const drafts = entries(place).filter((name) => /^\..*\.draft$/.test(name));
    await Promise.all(drafts.map((name) => rm(join(place, name), { force: true })));
  }
}
