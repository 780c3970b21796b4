import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { BronzeFormat } from "../../model/bronze-format";
import { bronzeColumns, bronzeDescription } from "../../model/hive-tables";
import type { Manifest, ManifestTable } from "../../model/manifest";
import type { LakePaths } from "../paths";
import { localLocation, type MetastoreTable } from "./file-metastore";

/** Folder, inside the metastore, that stands for a bronze table without files yet. */
const EMPTY = ".empty";

/** The bronze tables: plain Parquet or CSV files of each table's newest epoch. */
export function bronzeTables(manifest: Manifest, paths: LakePaths): Record<string, MetastoreTable> {
  return Object.fromEntries(
    manifest.tables.map((table) => [table.name, bronzeTable(table, paths, manifest.bronze_format)]),
  );
}

function bronzeTable(table: ManifestTable, paths: LakePaths, format: BronzeFormat): MetastoreTable {
  const found = newestEpoch(table, paths);
  const empty = join(paths.metastore, EMPTY);
  if (!found) mkdirSync(empty, { recursive: true });
  return {
    kind: format,
    location: localLocation(found ?? empty, paths.root),
    comment: bronzeDescription(table),
    columns: bronzeColumns(table, format),
    partitionColumns: [],
  };
}

/** Folder of the newest complete load, or of the newest of all before one is. */
function newestEpoch(table: ManifestTable, paths: LakePaths): string | undefined {
  if (!existsSync(paths.bronze)) return undefined;
  const folders = readdirSync(paths.bronze)
    .filter((name) => /^e\d+$/.test(name))
    .sort()
    .reverse()
    .map((epoch) => join(paths.bronze, epoch, table.source_schema, table.source_table))
    .filter((folder) => existsSync(folder));
  return folders.find((folder) => existsSync(join(folder, "_LOAD_COMPLETE"))) ?? folders[0];
}
