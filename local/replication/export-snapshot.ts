import { join } from "node:path";

import { epochFolder } from "../../model/epoch";
import type { Manifest } from "../../model/manifest";
import { connectSource, type Source } from "../source/connection";
import { BronzeWriter } from "./bronze-writer";
import { loadEpoch, type LoadTable } from "./load-run";
import type { OnProgress } from "./progress";
import { DEFAULT_SETTINGS } from "./settings";
import { requireTables } from "./source-check";
import { lakeTables } from "./table-layout";

export interface SnapshotRequest {
  readonly manifest: Manifest;
  readonly source: Source;
  /** Where the files go, in the form of a full load; on the lake's own disk. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress;
}

const EPOCH = 1;

/**
 * Writes the source's rows as of one moment as a full load would, beside the lake: what silver is
 * compared with. Replication is not touched.
 * @returns the folder that holds `<schema>/<table>/*.parquet`
 * @throws UserError for a table that the source does not have, or that cannot be represented
 */
export async function exportSnapshot(request: SnapshotRequest): Promise<string> {
  const { manifest, source, folder, signal, onProgress = () => undefined } = request;
  const keeper = await connectSource(source);
  const writer = await BronzeWriter.open(join(folder, "staging"), "parquet");
  try {
    await keeper.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const { rows } = await keeper.query<{ name: string }>("SELECT pg_export_snapshot() AS name");
    const replicated = new Map(lakeTables(manifest).map((table) => [table.name, table]));
    const found = await requireTables(keeper, source, manifest);
    const tables = found.flatMap((each): LoadTable[] => {
      const table = replicated.get(each.table.name);
      return table ? [{ ...each, replicated: table }] : [];
    });
    // The readers join the snapshot while the connection that exported it is open: until the end.
    const snapshot = { name: rows[0]?.name ?? "", from: 0n, release: async () => undefined };
    const { refused } = await loadEpoch(tables, EPOCH, snapshot, {
      source,
      bronze: folder,
      writer,
      settings: DEFAULT_SETTINGS,
      signal,
      onProgress,
      onNotices: () => undefined,
    });
    for (const error of refused.values()) throw error;
    return join(folder, epochFolder(EPOCH));
  } finally {
    writer.close();
    await keeper.end();
  }
}
