import { CHANGE_COLUMNS } from "../bronze-columns";
import { type BronzeFormat, CSV_NULL } from "../bronze-format";
import { epochFolder } from "../epoch";
import { UserError } from "../errors";
import type { Manifest } from "../manifest";
import { inFolder } from "../zones";
import type { LargeValues } from "./large-values";

const [, COMMIT_TIME_COLUMN] = CHANGE_COLUMNS;

/** Change files may wait for a quarter of the wanted freshness: the job needs the rest. */
const SHARE_OF_FRESHNESS = 1 / 4;
/** Seconds between change files: below, files are tiny; above, a restarted task reads much again. */
const SHORTEST_BATCH = 5;
const LONGEST_BATCH = 900;

/**
 * Seconds that changes may wait for the file that they go into.
 * @param freshnessMinutes minutes until silver has a change, as the lake wants it
 * @throws UserError when that is no positive number
 */
export function batchInterval(freshnessMinutes: number): number {
  if (!(freshnessMinutes > 0)) {
    throw new UserError(`freshnessMinutes is ${freshnessMinutes}; expected minutes, above 0`);
  }
  const seconds = Math.floor(freshnessMinutes * 60 * SHARE_OF_FRESHNESS);
  return Math.min(LONGEST_BATCH, Math.max(SHORTEST_BATCH, seconds));
}

const PARQUET = {
  dataFormat: "parquet",
  parquetVersion: "parquet-1-0",
  // Milliseconds would lose what PostgreSQL has; Spark alone reads bronze, in microseconds.
  parquetTimestampInMillisecond: false,
};

/** KB of a CSV file of the full load: one task reads a compressed file, from its beginning. */
const CSV_FILE_KB = 262_144;

const CSV = {
  dataFormat: "csv",
  // The header tells the columns, in whatever order and number they come.
  addColumnName: true,
  csvDelimiter: ",",
  // In the API a new line is a backslash and an n, which is the provider's default too.
  csvRowDelimiter: "\\n",
  // Quotation marks and new lines in a value: it is quoted, and its quotation marks are doubled.
  rfc4180: true,
  // An empty field is an empty text; else both would be the same.
  csvNullValue: CSV_NULL,
  useCsvNoSupValue: false,
  maxFileSize: CSV_FILE_KB,
};

/**
 * How DMS writes bronze: folders and columns are those of docs/how-data-flows.md.
 * Source: AWS DMS user guide, "Using Amazon S3 as a target".
 * @param epoch number of the full load whose folder is written to, from 1
 * @param folder of bronze in its bucket; `""` is all of it
 * @throws UserError when the epoch is no whole number from 1
 */
export function bronzeTargetSettings(
  epoch: number,
  freshnessMinutes: number,
  format: BronzeFormat,
  folder = "",
) {
  if (!Number.isInteger(epoch) || epoch < 1) {
    throw new UserError(`epoch is ${epoch}; expected a whole number from 1`);
  }
  return {
    bucketFolder: inFolder(folder, epochFolder(epoch)),
    ...(format === "csv" ? CSV : PARQUET),
    compressionType: "GZIP",
    includeOpForFullLoad: true,
    timestampColumnName: COMMIT_TIME_COLUMN,
    // Else a row of the full load would carry the time of its transfer, later than many changes.
    useTaskStartTimeForFullLoadTimestamp: true,
    datePartitionEnabled: true,
    datePartitionSequence: "YYYYMMDD",
    datePartitionDelimiter: "SLASH",
    cdcMaxBatchInterval: batchInterval(freshnessMinutes),
    cdcMinFileSize: 32_000,
    cdcInsertsOnly: false,
    cdcInsertsAndUpdates: false,
    preserveTransactions: false,
    glueCatalogGeneration: false,
  };
}

/**
 * How DMS reads a PostgreSQL source.
 * Source: AWS DMS user guide, "Using a PostgreSQL database as an AWS DMS source".
 * @param captureDdl whether an event trigger tells DMS of added columns
 */
export function postgresSourceSettings(
  { control }: Manifest,
  large: LargeValues,
  captureDdl: boolean,
) {
  return {
    // Part of every PostgreSQL, while pglogical must be installed.
    pluginName: "test-decoding",
    // Without a beat now and then, an idle source keeps its write-ahead log for the slot.
    heartbeatEnable: true,
    heartbeatFrequency: 5,
    heartbeatSchema: control.schema,
    // Else booleans arrive as text.
    mapBooleanAsBoolean: true,
    failTasksOnLobTruncation: large.failWhenLonger,
    captureDdls: captureDdl,
    ddlArtifactsSchema: control.schema,
  };
}
