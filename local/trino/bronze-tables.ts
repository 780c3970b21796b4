import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { Manifest, ManifestTable } from "../../model/manifest";
import type { LakePaths } from "../paths";
import type { HiveColumn, MetastoreTable } from "./file-metastore";
import { hiveType } from "./hive-types";

/** Folder, inside the metastore, that stands for a bronze table without files yet. */
const EMPTY = "metastore/.empty";

/** The bronze tables: plain Parquet files of each table's newest epoch. */
export function bronzeTables(manifest: Manifest, paths: LakePaths): Record<string, MetastoreTable> {
  return Object.fromEntries(
    manifest.tables.map((table) => [table.name, bronzeTable(table, paths)]),
  );
}

function bronzeTable(table: ManifestTable, paths: LakePaths): MetastoreTable {
  const folder = newestEpoch(table, paths);
  if (!folder) mkdirSync(join(paths.root, EMPTY), { recursive: true });
  return {
    kind: "parquet",
    location: `local:///${folder ?? EMPTY}`,
    comment: `${table.description}: every change, as replication wrote it`,
    columns: bronzeColumns(table),
    partitionColumns: [],
  };
}

/** `bronze/e0002/public/core_order`: the newest complete load, or the newest of all before one is. */
function newestEpoch(table: ManifestTable, paths: LakePaths): string | undefined {
  if (!existsSync(paths.bronze)) return undefined;
  const folders = readdirSync(paths.bronze)
    .filter((name) => /^e\d+$/.test(name))
    .sort()
    .reverse()
    .map((epoch) => `bronze/${epoch}/${table.source_schema}/${table.source_table}`)
    .filter((folder) => existsSync(join(paths.root, folder)));
  return (
    folders.find((folder) => existsSync(join(paths.root, folder, "_LOAD_COMPLETE"))) ?? folders[0]
  );
}

/** What DMS puts before and after the table's own columns; a file that lacks one gives null. */
function bronzeColumns(table: ManifestTable): HiveColumn[] {
  const own = table.source_columns.map(({ name, type }) => ({ name, type: hiveType(type) }));
  const key = own.filter(({ name }) => table.key.includes(name));
  return [
    { name: "op", type: "string", comment: "I insert, U update, D delete" },
    { name: "dms_timestamp", type: "string", comment: "Commit time at the source, UTC" },
    { name: "dms_change_seq", type: "string", comment: "Order of changes; empty on a full load" },
    ...own,
    ...key.map(({ name, type }) => ({
      name: `bi_${name}`,
      type,
      comment: `${name} before an update`,
    })),
  ];
}
