import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { isUnfinished, isUnreadable, tablesWithFiles } from "../../model/dropped-files";
import type { Manifest } from "../../model/manifest";
import type { LakePaths } from "../paths";
import { withLock } from "../process/lock";
import {
  checksum,
  copyVerified,
  unreadable,
  UnreadableFile,
  type Version,
  versionOf,
} from "./copy-verified";
import { type Transfer, TransferLog } from "./transfer-log";

/** What a pass over the drops did. */
export interface TransferResult {
  /** Files that were copied, and are silver's to read. */
  readonly transferred: readonly Transfer[];
  /** Files that somebody still writes: a later pass takes them. */
  readonly waiting: readonly string[];
  /** Files that no pass takes, with what to do. */
  readonly refused: readonly { readonly file: string; readonly reason: string }[];
}

export interface TransferOptions {
  /** @default the lake's own folder of drops */
  readonly drops?: string;
  readonly signal?: AbortSignal;
  /** A file that nobody has written to for this long is whole (ms). @default 2000 */
  readonly settleMs?: number;
  readonly onTransferred?: (transfer: Transfer) => void;
}

const DATA = /\.csv(\.gz)?$/i;
const CHANGED =
  "has changed since it was transferred; what came stays as it came, so drop it under another name";

/**
 * Copies the files that were dropped for the lake's tables to where silver reads them, as AWS
 * DataSync does for a lake on AWS: each once, verified by its checksum, whole or not at all, noted in
 * a log. The drops themselves are only read.
 */
export async function transferFiles(
  manifest: Manifest,
  paths: Pick<LakePaths, "drops" | "files">,
  { drops = paths.drops, signal, settleMs = 2000, onTransferred }: TransferOptions = {},
): Promise<TransferResult> {
  const tables = tablesWithFiles(manifest);
  if (tables.length === 0) return { transferred: [], waiting: [], refused: [] };
  return withLock(join(paths.files, ".transfer"), async () => {
    const log = new TransferLog(paths.files);
    const transferred: Transfer[] = [];
    const waiting: string[] = [];
    const refused: { file: string; reason: string }[] = [];
    const note = (transfer: Transfer) => {
      log.append(transfer);
      transferred.push(transfer);
      onTransferred?.(transfer);
    };
    const take = async (table: string, file: string, entry: Dirent) => {
      const reason = whyRefused(entry);
      if (reason) return refused.push({ file, reason });
      const [drop, copy] = [join(drops, file), join(paths.files, file)];
      const version = await versionOf(drop).catch(unreadable);
      if (!version || log.has(file, version)) return;
      if (!log.hasAny(file)) {
        const unlogged = await contentOf(copy);
        if (unlogged) note({ table, file, ...unlogged, at: new Date().toISOString() });
      }
      if (log.has(file, version)) return;
      if (log.hasAny(file)) return refused.push({ file, reason: CHANGED });
      await settled(version, settleMs, signal);
      const copied = await copyVerified(drop, copy, version);
      if (!copied) return waiting.push(file);
      note({ table, file, ...version, ...copied, at: new Date().toISOString() });
    };
    for (const { name: table, files } of tables) {
      const entries = await entriesOf(join(drops, files.folder)).catch((error: unknown) => {
        refused.push({ file: files.folder, reason: whyUnreadable(error) });
        return [];
      });
      for (const entry of entries) {
        signal?.throwIfAborted();
        const file = `${files.folder}/${entry.name}`;
        await take(table, file, entry).catch((error: unknown) => {
          refused.push({ file, reason: whyUnreadable(error) });
        });
      }
    }
    return { transferred, waiting, refused };
  });
}

/** What a pass that was killed has copied and not noted, which silver may have read. */
async function contentOf(copy: string): Promise<(Version & { sha256: string }) | undefined> {
  const version = await versionOf(copy);
  return version && { ...version, sha256: await checksum(copy) };
}

/** Why a drop is refused that the system does not let us read; throws what is another error. */
function whyUnreadable(error: unknown): string {
  if (!(error instanceof UnreadableFile)) throw error;
  return `cannot be read: ${error.message}; give it to the user that runs this`;
}

/** What the folder has that its writers have given a final name, in order. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      return unreadable(error);
    },
  );
  return entries
    .filter(({ name }) => !isUnfinished(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function whyRefused(entry: Dirent): string | undefined {
  if (entry.isDirectory())
    return "is a folder, which is not looked into; begin its name with _ if it is to stay";
  // What a link leads to may be nothing that whoever drops files may read.
  if (!entry.isFile()) return "is no file but a link or a device; put the file itself there";
  if (!DATA.test(entry.name)) return "is neither .csv nor .csv.gz; rename it, or take it away";
  if (isUnreadable(entry.name)) return "has a colon or a line end in its name; rename it";
  return undefined;
}

/** Waits until nobody has written to the file for a while, if nobody does. */
async function settled(
  { modified }: Version,
  settleMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const age = Date.now() - modified;
  if (age < settleMs) await sleep(Math.min(settleMs, settleMs - age), undefined, { signal });
}
