import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, sep } from "node:path";

import { type HiveColumn, isHudiColumn } from "../../model/hive-tables";
import { hiveType } from "../../model/hive-types";
import type { Lake } from "../../model/lake";
import type { ManifestColumn } from "../../model/manifest";
import type { LakePaths } from "../paths";
import { bronzeTables } from "./bronze-tables";
import {
  databaseDocument,
  localLocation,
  type MetastoreTable,
  SCHEMA_FILE,
  tableDocument,
  writeDocument,
} from "./file-metastore";
import { syncPartitions } from "./partitions";

/** A table as it lies in storage: one entry of the Spark application's `describe` result. */
export interface DescribedTable {
  readonly layer: string;
  readonly name: string;
  readonly format: string;
  /** Path or `file:` address of the table's folder. */
  readonly location: string;
  readonly partition_by: readonly string[];
  /** Every column with its Spark type, bookkeeping columns included. */
  readonly columns: readonly ManifestColumn[];
}

const DATABASES: Readonly<Record<string, string>> = {
  bronze: "Change files as replication wrote them, newest epoch",
  silver: "One row per source key, as of the newest change applied",
  gold: "Models over silver",
  quarantine: "Rows that broke a rule, and the order of deleted keys",
  ops: "Runs and quality results",
};

/**
 * Makes Trino's catalog of a lake say what lies in storage: bronze by the manifest, every other
 * table by its description. Registering again costs nothing where nothing changed; what is no
 * longer described is taken out. Each document appears whole; Trino need not run.
 */
export function registerLake(
  lake: Lake,
  described: readonly DescribedTable[],
  paths: LakePaths,
): void {
  const comments = descriptions(lake);
  for (const [database, comment] of Object.entries(DATABASES)) {
    writeDocument(
      join(paths.metastore, `.${database}${SCHEMA_FILE}`),
      databaseDocument(`${comment} (${lake.definition.description})`),
    );
    const tables: Record<string, MetastoreTable> =
      database === "bronze"
        ? bronzeTables(lake.manifest, paths)
        : Object.fromEntries(
            described
              .filter(({ layer }) => layer === database)
              .map((table) => [table.name, lakeTable(table, comments[table.name], paths)]),
          );
    keepOnly(join(paths.metastore, database), Object.keys(tables));
    for (const [name, table] of Object.entries(tables)) {
      registerTable(join(paths.metastore, database, name), table, paths);
    }
  }
}

/**
 * Registers the bronze tables again, for a newer epoch may have been completed.
 * Cheap enough to run after each pass of replication.
 */
export function registerBronze(lake: Lake, paths: LakePaths): void {
  for (const [name, table] of Object.entries(bronzeTables(lake.manifest, paths))) {
    registerTable(join(paths.metastore, "bronze", name), table, paths);
  }
}

/**
 * Registers the partitions that Hudi tables have gained or lost since: Trino reads no others.
 * To be called after every commit, before its rows are said to be visible; it lists only the
 * partitions' folders.
 *
 * @param tables `silver.core_order` style; @default every registered table
 */
export function registerPartitions(paths: LakePaths, tables?: readonly string[]): void {
  for (const folder of tables ? tables.map(folderOf) : registeredFolders(paths.metastore)) {
    const document = readDocument(join(paths.metastore, folder, SCHEMA_FILE));
    if (!document?.originalStorageFormat) continue;
    const table: MetastoreTable = {
      kind: "hudi",
      location: document.externalLocation,
      columns: document.dataColumns,
      partitionColumns: document.partitionColumns,
    };
    syncPartitions(join(paths.metastore, folder), table, paths.root);
  }
}

/** The tables of a layer that Trino knows; none before the lake is first published. */
export function registeredTables(
  layer: string,
  { metastore }: Pick<LakePaths, "metastore">,
): string[] {
  const folder = join(metastore, layer);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, SCHEMA_FILE)));
}

const folderOf = (name: string) => name.replace(".", sep);

function lakeTable(
  table: DescribedTable,
  comment: string | undefined,
  paths: LakePaths,
): MetastoreTable {
  const hudi = table.format === "hudi";
  const columns = table.columns
    .filter(({ name }) => !isHudiColumn(name))
    .map(({ name, type }): HiveColumn => ({ name, type: hiveType(type) }));
  // Delta's connector takes columns and partitions from the table's own log.
  const partitionBy = hudi ? table.partition_by : [];
  return {
    kind: hudi ? "hudi" : "delta",
    location: localLocation(table.location, paths.root),
    ...(comment ? { comment } : {}),
    columns: columns.filter(({ name }) => !partitionBy.includes(name)),
    partitionColumns: partitionBy.flatMap((name) =>
      columns.filter((column) => column.name === name),
    ),
  };
}

function registerTable(folder: string, table: MetastoreTable, paths: LakePaths): void {
  // Partitions first: the table must not be there without them.
  syncPartitions(folder, table, paths.root);
  writeDocument(join(folder, SCHEMA_FILE), tableDocument(table));
}

function registeredFolders(metastore: string): string[] {
  return Object.keys(DATABASES).flatMap((database) =>
    existsSync(join(metastore, database))
      ? readdirSync(join(metastore, database)).map((table) => join(database, table))
      : [],
  );
}

function keepOnly(folder: string, names: readonly string[]): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((entry) => !names.includes(entry))) {
    // Without its document it is no table; then the rest may go.
    rmSync(join(folder, name, SCHEMA_FILE), { force: true });
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function descriptions({ manifest }: Lake): Record<string, string> {
  return Object.fromEntries(
    [...manifest.tables, ...manifest.models].map(({ name, description }) => [name, description]),
  );
}

interface StoredTable {
  readonly originalStorageFormat?: unknown;
  readonly externalLocation: string;
  readonly dataColumns: readonly HiveColumn[];
  readonly partitionColumns: readonly HiveColumn[];
}

function readDocument(path: string): StoredTable | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as StoredTable) : undefined;
}
