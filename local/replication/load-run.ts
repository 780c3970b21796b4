import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { UserError } from "../../model/errors";
import type { Source } from "../source/connection";
import type { PreparedTable } from "../source/prepare";
import { LOAD_COMPLETE, tableFolder, writeDurably } from "./bronze";
import type { BronzeWriter, ValueNotice } from "./bronze-writer";
import { type Loaded, loadTables, type LoadTask } from "./full-load";
import type { OnProgress } from "./progress";
import { representable } from "./relations";
import type { ReplicationSettings } from "./settings";
import type { Snapshot } from "./slot";
import { formatTimestamp, layOut, type ReplicatedTable } from "./table-layout";

/** What full loads have in common. */
export interface LoadContext {
  readonly source: Source;
  readonly bronze: string;
  readonly writer: BronzeWriter;
  readonly settings: ReplicationSettings;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly onNotices: (table: string, notices: readonly ValueNotice[]) => void;
}

/** A lake's table together with what the source says about it. */
export interface LoadTable extends PreparedTable {
  readonly replicated: ReplicatedTable;
}

/** Loads tables at a snapshot into an epoch; one that cannot be represented does not keep the others. */
export async function loadEpoch(
  tables: readonly LoadTable[],
  epoch: number,
  snapshot: Snapshot,
  context: LoadContext,
): Promise<Loaded> {
  const { bronze, settings, onProgress } = context;
  const started = Date.now();
  // The largest first: the small ones fill the time beside it.
  const ordered = [...tables].sort((a, b) => b.facts.bytes - a.facts.bytes);
  const tasks: LoadTask[] = [];
  const unrepresentable = new Map<string, UserError>();
  for (const { replicated, facts } of ordered) {
    const columns = facts.columns.filter((column) => !column.generated);
    const layout = representable(() => layOut(replicated, columns));
    const target = { bronze, epoch, schema: facts.schema, table: facts.name };
    if (layout instanceof UserError) unrepresentable.set(replicated.name, layout);
    else tasks.push({ layout, target, partitioned: facts.kind === "p" });
  }
  const { rows, refused } = await loadTables(tasks, {
    ...context,
    snapshot: snapshot.name,
    startedAt: formatTimestamp(BigInt(started) * 1000n),
    rowsPerFile: settings.loadRowsPerFile,
    parallel: settings.parallelLoads,
    onSnapshotTaken: snapshot.release,
    onRows: (table, count, done) => onProgress({ event: "load", table, rows: count, done }),
  });
  onProgress({
    event: "loaded",
    epoch,
    tables: [...rows.keys()],
    rows: [...rows.values()].reduce((sum, count) => sum + count, 0),
    seconds: (Date.now() - started) / 1000,
  });
  return { rows, refused: new Map([...unrepresentable, ...refused]) };
}

/**
 * Removes what an unfinished load left of a table's epoch. What is complete is never touched.
 * @param trash folder on the same file system, so that the files vanish at once
 */
export async function discardUnfinished(
  bronze: string,
  epoch: number,
  table: { readonly schema: string; readonly name: string },
  trash: string,
): Promise<void> {
  const folder = tableFolder({ bronze, epoch, schema: table.schema, table: table.name });
  if (!existsSync(folder) || existsSync(join(folder, LOAD_COMPLETE))) return;
  const away = join(trash, randomUUID());
  await rename(folder, away);
  await rm(away, { recursive: true, force: true });
  // The folders above go too once nothing is in them: the epoch's number is free again.
  for (let path = dirname(folder); path !== bronze; path = dirname(path)) {
    if ((await readdir(path)).length > 0) break;
    await rmdir(path);
  }
}

/** Says that a table's load is there, together with the changes made during it. */
export async function markComplete(
  bronze: string,
  epoch: number,
  table: ReplicatedTable,
  rows: number,
): Promise<void> {
  const { schema } = table;
  const folder = tableFolder({ bronze, epoch, schema, table: table.table });
  const content = JSON.stringify({ rows, completedAt: new Date().toISOString() });
  await writeDurably(join(folder, LOAD_COMPLETE), (draft) => writeFile(draft, content));
}
