import { TrinoClient } from "../analytics/trino-client";
import { loadLake } from "../lakes/load";
import { type LakePaths, lakePaths } from "../local/paths";
import { Journal } from "../local/pipeline/journal";
import {
  failedModels,
  type SilverFacts,
  silverFactsSql,
  sourceRowsSql,
  type TableStatus,
  tableStatuses,
} from "../local/pipeline/status";
import { findTables } from "../local/replication/source-check";
import { type ReplicationStatus, replicationStatus } from "../local/replication/status";
import { currentState, SERVICES, useTrino } from "../local/services";
import { connectSource, type Source } from "../local/source/connection";
import { openSource } from "../local/source/open";
import { registeredTables } from "../local/trino";
import { rejectedLinesOf } from "../model/dropped-files";
import type { Manifest } from "../model/manifest";

export interface LakeStatus {
  readonly services: readonly { readonly service: string; readonly address: string | null }[];
  /** One line: who replicates, and how far behind. */
  readonly replication: string;
  readonly tables: readonly TableStatus[];
  /** Gold models whose last refresh failed. */
  readonly failedModels: readonly { readonly model: string; readonly error: string }[];
}

/** How a lake stands. Starts the source and Trino where they do not run. */
export async function lakeStatus(name: string, connection?: string): Promise<LakeStatus> {
  const { definition, manifest } = loadLake(name);
  const paths = lakePaths(definition);
  const services = SERVICES.map((service) => {
    const port = currentState(service.name)?.port;
    return { service: service.title, address: port ? `127.0.0.1:${port}` : null };
  });
  await using opened = await openSource(name, connection);
  const replication = await replicationStatus(manifest, paths, opened.source);
  const sourceRows = await countSource(manifest, opened.source);
  const silver = await silverFacts(paths, manifest);
  const journal = new Journal(paths.journal);
  return {
    services,
    replication: describe(replication),
    tables: tableStatuses(manifest, sourceRows, replication, silver, journal),
    failedModels: failedModels(manifest, journal),
  };
}

async function countSource(manifest: Manifest, source: Source): Promise<Map<string, number>> {
  const client = await connectSource(source);
  try {
    const { found } = await findTables(client, manifest);
    if (found.length === 0) return new Map();
    const sql = sourceRowsSql(found.map(({ table }) => table));
    const { rows } = await client.query<{ name: string; rows: string }>(sql);
    return new Map(rows.map(({ name, rows }) => [name, Number(rows)]));
  } finally {
    await client.end();
  }
}

/** The facts of the tables that exist by now; starts Trino only for these. */
async function silverFacts(paths: LakePaths, manifest: Manifest): Promise<SilverFacts[]> {
  const { lake } = manifest;
  const known = (layer: string) => new Set(registeredTables(layer, paths));
  const [silver, quarantine] = [known("silver"), known("quarantine")];
  const tables = manifest.tables.filter(
    ({ name, files }) =>
      silver.has(name) && quarantine.has(name) && (!files || quarantine.has(rejectedLinesOf(name))),
  );
  if (tables.length === 0) return [];
  await using trino = await useTrino(lake);
  const client = new TrinoClient(`http://127.0.0.1:${trino.port}`);
  const { rows } = await client.query(silverFactsSql(tables), { user: "admin", catalog: lake });
  return rows.map(([table, silver, ofFiles, quarantined, newest]) => ({
    table: String(table),
    silverRows: Number(silver),
    fileRows: ofFiles === null ? null : Number(ofFiles),
    quarantinedRows: Number(quarantined),
    newestApplied: newest === null ? null : new Date(Number(newest)),
  }));
}

function describe(status: ReplicationStatus | undefined): string {
  if (!status) return "replication: not begun; ./lake run begins it";
  const who = status.pid ? `running in process ${status.pid}` : "not running";
  const lag =
    status.lagBytes === undefined
      ? ""
      : `, ${status.lagBytes.toLocaleString("en-US")} bytes of WAL behind`;
  return `replication: ${who}, slot ${status.slot} ${status.walStatus}${lag}`;
}
