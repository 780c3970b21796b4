import { readFileSync } from "node:fs";
import { join } from "node:path";

import { loadLake } from "../../../lakes/load";
import { largeValues } from "../../../model/aws/large-values";
import {
  batchInterval,
  bronzeTargetSettings,
  postgresSourceSettings,
} from "../../../model/aws/replication-endpoints";
import { CSV_NULL } from "../../../model/bronze-format";

const { manifest } = loadLake("saas");

test("change files wait for a quarter of the wanted freshness, 5 seconds to 15 minutes", () => {
  const seconds = [0.1, 1, 10, 60, 1440].map(batchInterval);
  expect(seconds).toEqual([5, 15, 150, 900, 900]);
  expect(() => batchInterval(0)).toThrow("freshnessMinutes is 0; expected minutes, above 0");
  expect(() => batchInterval(NaN)).toThrow("freshnessMinutes is NaN");
});

test("an epoch has a folder of its own", () => {
  const folders = [1, 12, 10_000].map(
    (epoch) => bronzeTargetSettings(epoch, 60, "parquet").bucketFolder,
  );
  expect(folders).toEqual(["e0001", "e0012", "e10000"]);
  expect(() => bronzeTargetSettings(0, 60, "parquet")).toThrow(
    "epoch is 0; expected a whole number from 1",
  );
  expect(() => bronzeTargetSettings(1.5, 60, "parquet")).toThrow("epoch is 1.5");
});

test("bronze is Parquet with operation and commit time, in date folders, in microseconds", () => {
  expect(bronzeTargetSettings(1, 10, "parquet")).toEqual({
    bucketFolder: "e0001",
    dataFormat: "parquet",
    parquetVersion: "parquet-1-0",
    compressionType: "GZIP",
    parquetTimestampInMillisecond: false,
    includeOpForFullLoad: true,
    timestampColumnName: "dms_timestamp",
    useTaskStartTimeForFullLoadTimestamp: true,
    datePartitionEnabled: true,
    datePartitionSequence: "YYYYMMDD",
    datePartitionDelimiter: "SLASH",
    cdcMaxBatchInterval: 150,
    cdcMinFileSize: 32_000,
    cdcInsertsOnly: false,
    cdcInsertsAndUpdates: false,
    preserveTransactions: false,
    glueCatalogGeneration: false,
  });
});

test("bronze as CSV is gzipped, has a header, and tells null from an empty text", () => {
  const csv = bronzeTargetSettings(1, 10, "csv");
  expect(csv).toMatchObject({
    dataFormat: "csv",
    compressionType: "GZIP",
    addColumnName: true,
    csvDelimiter: ",",
    csvRowDelimiter: "\\n",
    rfc4180: true,
    csvNullValue: "__null__",
    useCsvNoSupValue: false,
    maxFileSize: 262_144,
  });
  const { dataFormat, parquetVersion, parquetTimestampInMillisecond, ...shared } =
    bronzeTargetSettings(1, 10, "parquet") as Record<string, unknown>;
  expect(csv).toMatchObject(shared);
  expect([dataFormat, parquetVersion, parquetTimestampInMillisecond]).toEqual([
    "parquet",
    "parquet-1-0",
    false,
  ]);
  expect(csv).not.toHaveProperty("parquetVersion");
});

test("Spark knows null in CSV by the name that DMS writes", () => {
  const module = join(__dirname, "../../../glue-scripts/lakewright/csv_files.py");
  expect(readFileSync(module, "utf8")).toContain(`NULL = "${CSV_NULL}"\n`);
});

test("the source keeps no log for an idle slot, gives booleans, and is altered only where asked", () => {
  const large = largeValues({ ...manifest, max_lob_kb: 0 }, 1024);
  expect(postgresSourceSettings(manifest, large, false)).toEqual({
    pluginName: "test-decoding",
    heartbeatEnable: true,
    heartbeatFrequency: 5,
    heartbeatSchema: "lakewright",
    mapBooleanAsBoolean: true,
    failTasksOnLobTruncation: true,
    captureDdls: false,
    ddlArtifactsSchema: "lakewright",
  });
  expect(postgresSourceSettings(manifest, large, true).captureDdls).toBe(true);
});
