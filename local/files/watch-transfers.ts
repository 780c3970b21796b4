import { setTimeout as sleep } from "node:timers/promises";

import { tablesWithFiles } from "../../model/dropped-files";
import type { Manifest } from "../../model/manifest";
import type { LakePaths } from "../paths";
import { transferFiles, type TransferOptions, type TransferResult } from "./transfer";

export interface TransferWatchOptions extends TransferOptions {
  readonly signal: AbortSignal;
  /** Told once of each file that no pass takes. */
  readonly onRefused?: (refused: TransferResult["refused"][number]) => void;
  /** How often the drops are looked at (ms). @default 2000 */
  readonly everyMs?: number;
}

/** Transfers what is dropped for the lake's tables, soon after it is whole, until the signal. */
export async function watchTransfers(
  manifest: Manifest,
  paths: Pick<LakePaths, "drops" | "files">,
  { onRefused, everyMs = 2000, ...options }: TransferWatchOptions,
): Promise<void> {
  const { signal } = options;
  const told = new Set<string>();
  try {
    while (tablesWithFiles(manifest).length > 0 && !signal.aborted) {
      const { refused } = await transferFiles(manifest, paths, options);
      for (const each of refused) {
        if (!told.has(each.file)) onRefused?.(each);
        told.add(each.file);
      }
      await sleep(everyMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
