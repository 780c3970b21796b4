import type { Manifest } from "../../model/manifest";
import type { LakePaths } from "../paths";
import { connectSource, type Source } from "../source/connection";
import { tableFolder } from "./bronze";
import { newestCommits } from "./newest-commit";
import { replicatorPid } from "./replicator-lock";
import { findSlot } from "./slot";
import { readState, type TableState } from "./state";
import { lakeTables } from "./table-layout";

/** How a table's replication stands. */
export interface TableReplication {
  readonly table: string;
  readonly epoch: number;
  readonly status: TableState["status"];
  /** Why its changes are no longer replicated, until a reload. */
  readonly stopped: string | undefined;
  /** Rows of its full load. */
  readonly loadedRows: number;
  /** Commit time at the source of the newest change in its epoch; absent without files. */
  readonly newestCommitAt: Date | undefined;
}

/** How a lake's replication stands. */
export interface ReplicationStatus {
  /** The process that replicates now. */
  readonly pid: number | undefined;
  readonly slot: string;
  /** `reserved`, …, `lost`, or `gone` when the source has no such slot. */
  readonly walStatus: string;
  /** WAL that the source has written and bronze has not confirmed, in bytes. */
  readonly lagBytes: number | undefined;
  readonly tables: readonly TableReplication[];
}

/** How the lake's replication stands, `undefined` before the first. */
export async function replicationStatus(
  manifest: Manifest,
  paths: Pick<LakePaths, "bronze" | "replication">,
  source: Source,
): Promise<ReplicationStatus | undefined> {
  const state = readState(paths.replication);
  if (!state) return undefined;
  const client = await connectSource(source);
  try {
    const slot = await findSlot(client, state.slot);
    const known = lakeTables(manifest).flatMap(({ name, schema, table }) => {
      const found = state.tables[name];
      if (!found) return [];
      const folder = tableFolder({ bronze: paths.bronze, epoch: found.epoch, schema, table });
      return [{ ...found, name, folder }];
    });
    const commits = await newestCommits(known.map(({ folder }) => folder));
    const tables = known.map(({ name, folder, epoch, status, stopped, rows }) => ({
      table: name,
      epoch,
      status,
      stopped,
      loadedRows: rows,
      newestCommitAt: commits.get(folder),
    }));
    return {
      pid: replicatorPid(paths.replication),
      slot: state.slot,
      walStatus: slot?.walStatus ?? "gone",
      lagBytes: slot?.lagBytes,
      tables,
    };
  } finally {
    await client.end();
  }
}
