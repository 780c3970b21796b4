import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { BronzeFormat } from "../../model/bronze-format";
import { bronzeColumns, bronzeDescription } from "../../model/hive-tables";
import type { Manifest, ManifestTable } from "../../model/manifest";
import type { LakePaths } from "../paths";
import type { MetastoreTable } from "./file-metastore";

/** Folder, inside the metastore, that stands for a bronze table without files yet. */
const EMPTY = "metastore/.empty";

/** The bronze tables: plain Parquet or CSV files of each table's newest epoch. */
export function bronzeTables(manifest: Manifest, paths: LakePaths): Record<string, MetastoreTable> {
  return Object.fromEntries(
    manifest.tables.map((table) => [table.name, bronzeTable(table, paths, manifest.bronze_format)]),
  );
}

function bronzeTable(table: ManifestTable, paths: LakePaths, format: BronzeFormat): MetastoreTable {
  const folder = newestEpoch(table, paths);
  if (!folder) mkdirSync(join(paths.root, EMPTY), { recursive: true });
  return {
    kind: format,
    location: `local:///${folder ?? EMPTY}`,
    comment: bronzeDescription(table),
    columns: bronzeColumns(table, format),
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
