import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { UserError } from "../../model/errors";
import { readableBytes } from "../../shared/bytes";
import { withLock } from "../process/lock";
import { explainInstallFailure } from "./explain";
import { locksFolder } from "./own-parts";
import { consoleProgress, type Progress, READY } from "./progress";

/** One part of the toolchain: a folder that is there whole or not at all. */
export interface Part {
  /** What it is called in messages. */
  readonly title: string;
  readonly folder: string;
  /** Bytes free that the installation needs, downloads and unpacking included. */
  readonly bytesNeeded: number;
  /** Fills the folder `draft`, reporting what it does. */
  build(draft: string, report: (message: string) => void): Promise<void>;
}

/**
 * Installs a part unless it is there. Built in a draft folder and renamed when complete, under a
 * lock: safe to interrupt at any moment, safe to run in several processes at once.
 *
 * @returns the part's folder
 * @throws {UserError} no network, a full disk and the like, with the remedy
 */
export async function installOnce(
  part: Part,
  progress: Progress = consoleProgress(),
): Promise<string> {
  if (existsSync(part.folder)) return part.folder;
  const report = (message: string) => progress(part.title, message);
  try {
    await withLock(
      join(locksFolder(dirname(part.folder)), basename(part.folder)),
      async () => {
        if (existsSync(part.folder)) return;
        await build(part, report);
        report(READY);
      },
      () => report("waiting for another process that installs it"),
    );
  } catch (error) {
    throw explainInstallFailure(part.title, error);
  }
  return part.folder;
}

async function build(part: Part, report: (message: string) => void): Promise<void> {
  removeDrafts(part.folder);
  await requireSpace(part);
  const draft = `${draftPrefix(part.folder)}${randomUUID().slice(0, 8)}`;
  mkdirSync(draft, { recursive: true });
  try {
    await part.build(draft, report);
    if (!existsSync(part.folder)) renameSync(draft, part.folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

const draftPrefix = (folder: string) => join(dirname(folder), `.${basename(folder)}.`);

/** Removes what interrupted installations left; the caller holds the part's lock. */
function removeDrafts(folder: string): void {
  const prefix = basename(draftPrefix(folder));
  for (const name of readdirSync(dirname(folder)).filter((entry) => entry.startsWith(prefix)))
    rmSync(join(dirname(folder), name), { recursive: true, force: true });
}

async function requireSpace({ title, folder, bytesNeeded }: Part): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(folder));
  const free = bavail * bsize;
  if (free >= bytesNeeded) return;
  throw new UserError(
    `Installing ${title} needs ${readableBytes(bytesNeeded)} in ${dirname(folder)}, where ` +
      `${readableBytes(free)} are free. Free some space or set LAKEWRIGHT_CACHE to a folder on another disk.`,
  );
}
