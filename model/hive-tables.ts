import { bookkeepingColumns } from "./bookkeeping-columns";
import { BEFORE_IMAGE_PREFIX, lakeColumn } from "./bronze-columns";
import type { BronzeFormat } from "./bronze-format";
import { hiveType } from "./hive-types";
import type { ManifestColumn, ManifestTable } from "./manifest";

/** What catalogs of Hive's form (AWS Glue's, Trino's) say of a lake's tables. */

/** A column as Hive's metastore has it. */
export interface HiveColumn {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
}

/** Classes by which engines read and write a table's files. */
export interface HiveStorage {
  readonly serde: string;
  readonly inputFormat: string;
  readonly outputFormat: string;
}

/** Plain Parquet files. */
export const PARQUET_STORAGE: HiveStorage = {
  serde: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
  outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
};

/**
 * CSV files, whose values may be quoted: all columns are text. Files are read line by line, so that a
 * value with a new line shows as several rows; Spark reads them rightly.
 */
export const CSV_STORAGE: HiveStorage = {
  serde: "org.apache.hadoop.hive.serde2.OpenCSVSerde",
  inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
  outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
};

/** Has engines leave out the header of each CSV file. */
export const CSV_PARAMETERS = { "skip.header.line.count": "1" } as const;

/** A Hudi copy-on-write table: of its Parquet files, only the newest versions are read. */
export const HUDI_STORAGE: HiveStorage = {
  ...PARQUET_STORAGE,
  inputFormat: "org.apache.hudi.hadoop.HoodieParquetInputFormat",
};

/** Hudi's own columns, which stand first in each of its files. */
export const HUDI_COLUMNS: readonly string[] = [
  "_hoodie_commit_time",
  "_hoodie_commit_seqno",
  "_hoodie_record_key",
  "_hoodie_partition_path",
  "_hoodie_file_name",
];

/** Whether a column is one that Hudi keeps for itself, in each file or among the rows. */
export function isHudiColumn(name: string): boolean {
  return name.startsWith("_hoodie_");
}

/** What a bronze table's comment says. */
export function bronzeDescription(table: ManifestTable): string {
  return `${table.description}: every change, as replication wrote it`;
}

/**
 * What DMS puts before and after the table's own columns. A Parquet file that lacks one gives null;
 * CSV's are text, found by their place.
 */
export function bronzeColumns(table: ManifestTable, format: BronzeFormat): HiveColumn[] {
  const typed = hiveColumns(table.source_columns);
  const own = format === "csv" ? typed.map(({ name }) => ({ name, type: "string" })) : typed;
  const key = own.filter(({ name }) => table.key.includes(name));
  return [
    { name: "op", type: "string", comment: "I insert, U update, D delete" },
    { name: "dms_timestamp", type: "string", comment: "Commit time at the source, UTC" },
    { name: "dms_change_seq", type: "string", comment: "Order of changes; empty on a full load" },
    ...own,
    ...key.map(({ name, type }) => ({
      name: lakeColumn(BEFORE_IMAGE_PREFIX) + name,
      type,
      comment: `${name} before an update`,
    })),
  ];
}

/** A silver table's columns as they are stored: those that its SQL gives, then bookkeeping. */
export function silverColumns(table: ManifestTable): HiveColumn[] {
  return [...hiveColumns(table.columns), ...bookkeepingColumns(table)];
}

/** Columns with Spark types as Hive has them. */
export function hiveColumns(columns: readonly ManifestColumn[]): HiveColumn[] {
  return columns.map(({ name, type }) => ({ name, type: hiveType(type) }));
}
