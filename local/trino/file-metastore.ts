import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import type { BronzeFormat } from "../../model/bronze-format";
import { CSV_PARAMETERS, type HiveColumn, HUDI_STORAGE } from "../../model/hive-tables";
import { writeWhole } from "../process/files";

/**
 * The documents of Trino's file metastore: `.<database>.trinoSchema` beside a database's folder,
 * `<database>/<table>/.trinoSchema`, and one more in each partition's folder. Their form is that of
 * Trino's classes DatabaseMetadata, TableMetadata and PartitionMetadata.
 */

/** Name of a table's or partition's document in its folder. */
export const SCHEMA_FILE = ".trinoSchema";

/** Trino reads only files that its own version wrote. */
const WRITER_VERSION = "476";

/** How a table's files are read: plain ones, or a format of which only its connector knows more. */
export type StorageKind = BronzeFormat | "hudi" | "delta";

export interface MetastoreTable {
  readonly kind: StorageKind;
  /** `local:///…` without a slash at the end. */
  readonly location: string;
  readonly comment?: string;
  readonly columns: readonly HiveColumn[];
  readonly partitionColumns: readonly HiveColumn[];
}

export function databaseDocument(comment: string): unknown {
  return {
    writerVersion: WRITER_VERSION,
    ownerName: "admin",
    ownerType: "USER",
    comment,
    parameters: {},
  };
}

export function tableDocument(table: MetastoreTable): unknown {
  return {
    writerVersion: WRITER_VERSION,
    owner: "admin",
    tableType: "EXTERNAL_TABLE",
    dataColumns: table.columns.map(columnDocument),
    partitionColumns: table.partitionColumns.map(columnDocument),
    parameters: {
      EXTERNAL: "TRUE",
      ...(table.comment ? { comment: table.comment } : {}),
      ...(table.kind === "delta" ? { "spark.sql.sources.provider": "delta" } : {}),
      ...(table.kind === "csv" ? CSV_PARAMETERS : {}),
    },
    // Any other input format than one of Hive's own goes in as it is.
    ...(table.kind === "hudi"
      ? { originalStorageFormat: HUDI_STORAGE }
      : { storageFormat: table.kind === "csv" ? "CSV" : "PARQUET" }),
    serdeParameters: table.kind === "delta" ? { path: table.location } : {},
    externalLocation: table.location,
    columnStatistics: {},
  };
}

/** A partition at `<table location>/<name>`. */
export function partitionDocument(table: MetastoreTable, name: string): unknown {
  return {
    columns: table.columns.map(columnDocument),
    parameters: {},
    storageFormat: "PARQUET",
    serdeParameters: {},
    externalLocation: `${table.location}/${name}`,
    columnStatistics: {},
  };
}

function columnDocument({ name, type, comment }: HiveColumn): unknown {
  return { name, type, ...(comment ? { comment } : {}), properties: {} };
}

/** Writes a document whole, unless it is there as it is. */
export function writeDocument(path: string, document: unknown): void {
  const text = `${JSON.stringify(document, null, 1)}\n`;
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  writeWhole(path, text);
}

/** The table's folder as Trino's local file system addresses it: below the lake's root. */
export function localLocation(location: string, root: string): string {
  const path = location.startsWith("file:") ? fileURLToPath(fileUrl(location)) : location;
  const inside = relative(root, path);
  if (!isAbsolute(path) || inside.startsWith("..") || inside === "") {
    throw new Error(`expected a table's folder inside ${root}, found ${location}`);
  }
  return `local:///${inside.split(sep).join("/")}`;
}

/** Hadoop writes `file:/path`, which is `file:///path`. */
const fileUrl = (location: string) => location.replace(/^file:\/*/, "file:///");
