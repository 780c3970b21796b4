import { loadLake } from "../../../lakes/load";
import { catalogTables } from "../../../model/aws/catalog";
import { catalogName, databaseName, databaseNames } from "../../../model/aws/names";
import type { Manifest } from "../../../model/manifest";
import { foldersOf } from "../../../model/zones";

const { manifest } = loadLake("saas");
const FOLDERS = foldersOf(undefined, "per-content");

function table(layer: string, name: string, of: Manifest = manifest) {
  return catalogTables(of, "e0001", FOLDERS).find(
    (each) => each.layer === layer && each.name === name,
  )!;
}

/** The saas lake with settings of one table changed. */
function withTable(name: string, changed: object): Manifest {
  return {
    ...manifest,
    tables: manifest.tables.map((each) => (each.name === name ? { ...each, ...changed } : each)),
  };
}

test("every table is in bronze and silver, every model in gold", () => {
  const tables = manifest.tables.map(({ name }) => name);
  const names = (layer: string) =>
    catalogTables(manifest, "e0001", FOLDERS)
      .filter((each) => each.layer === layer)
      .map(({ name }) => name);
  expect(names("bronze")).toEqual(tables);
  expect(names("silver")).toEqual(tables);
  expect(names("gold")).toEqual(manifest.models.map(({ name }) => name));
});

test("bronze as CSV is text in all columns, without the header of each file", () => {
  const csv = table("bronze", "core_invoice", { ...manifest, bronze_format: "csv" });
  const parquet = table("bronze", "core_invoice");
  expect(csv.columns.map(({ name }) => name)).toEqual(parquet.columns.map(({ name }) => name));
  expect(new Set(csv.columns.map(({ type }) => type))).toEqual(new Set(["string"]));
  expect(csv).toMatchObject({
    format: "csv",
    prefix: parquet.prefix,
    storage: {
      serde: "org.apache.hadoop.hive.serde2.OpenCSVSerde",
      inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    },
    parameters: { EXTERNAL: "TRUE", classification: "csv", "skip.header.line.count": "1" },
  });
});

test("bronze is the Parquet files of one epoch with the columns that DMS adds", () => {
  expect(table("bronze", "core_invoice")).toEqual({
    layer: "bronze",
    name: "core_invoice",
    format: "parquet",
    description: "A bill: every change, as replication wrote it",
    columns: [
      { name: "op", type: "string", comment: "I insert, U update, D delete" },
      { name: "dms_timestamp", type: "string", comment: "Commit time at the source, UTC" },
      { name: "dms_change_seq", type: "string", comment: "Order of changes; empty on a full load" },
      { name: "id", type: "bigint" },
      { name: "tenant_id", type: "bigint" },
      { name: "customer_id", type: "bigint" },
      { name: "subscription_id", type: "bigint" },
      { name: "invoice_number", type: "string" },
      { name: "status", type: "string" },
      { name: "currency", type: "string" },
      { name: "amount_due", type: "decimal(12,2)" },
      { name: "amount_paid", type: "decimal(12,2)" },
      { name: "issued_on", type: "date" },
      { name: "due_on", type: "date" },
      { name: "paid_at", type: "timestamp" },
      { name: "created_at", type: "timestamp" },
      { name: "updated_at", type: "timestamp" },
      { name: "bi_id", type: "bigint", comment: "id before an update" },
    ],
    partitionKeys: [],
    prefix: "e0001/public/core_invoice/",
    storage: {
      serde: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    },
    parameters: { EXTERNAL: "TRUE", classification: "parquet" },
    pathInSerde: false,
  });
});

test("the prefix of core_order is not one of core_orderitem", () => {
  const [order, item] = [table("bronze", "core_order"), table("bronze", "core_orderitem")];
  expect(item.prefix.startsWith(order.prefix)).toBe(false);
});

test("a Hudi table begins with Hudi's columns, ends with bookkeeping, and has its partitions apart", () => {
  const order = table("silver", "core_order");
  const compiled = manifest.tables.find(({ name }) => name === "core_order")!;
  const partitions = ["order_month", "order_week"];
  expect(order.columns.map(({ name }) => name)).toEqual([
    "_hoodie_commit_time",
    "_hoodie_commit_seqno",
    "_hoodie_record_key",
    "_hoodie_partition_path",
    "_hoodie_file_name",
    ...compiled.columns.map(({ name }) => name).filter((name) => !partitions.includes(name)),
    "_lw_order",
    "_lw_committed_at",
  ]);
  expect(order.partitionKeys).toEqual(partitions.map((name) => ({ name, type: "string" })));
  expect(order.prefix).toBe("core_order/");
  expect(order.storage).toEqual({
    serde: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    inputFormat: "org.apache.hudi.hadoop.HoodieParquetInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
  });
  expect(order.pathInSerde).toBe(false);
});

test("a native Delta table has every column in its log's order and none as partition key", () => {
  const delta = withTable("core_order", { format: "delta" });
  const order = table("silver", "core_order", delta);
  const compiled = delta.tables.find(({ name }) => name === "core_order")!;
  expect(order.columns.map(({ name }) => name)).toEqual([
    ...compiled.columns.map(({ name }) => name),
    "_lw_order",
    "_lw_committed_at",
  ]);
  expect(order.partitionKeys).toEqual([]);
  expect(order.parameters).toEqual({
    EXTERNAL: "TRUE",
    table_type: "DELTA",
    "spark.sql.sources.provider": "delta",
  });
  expect(order.pathInSerde).toBe(true);
});

test("a table that keeps deleted rows has the column that tells them", () => {
  const soft = table("silver", "core_tenant", withTable("core_tenant", { deletes: "soft" }));
  expect(soft.columns.at(-1)).toEqual({
    name: "_lw_deleted",
    type: "boolean",
    comment: "Whether the source deleted the row",
  });
});

test("a table whose columns are not compiled is in bronze alone", () => {
  const uncompiled = withTable("core_tenant", { columns: [] });
  const layers = catalogTables(uncompiled, "e0001", FOLDERS)
    .filter(({ name }) => name === "core_tenant")
    .map(({ layer }) => layer);
  expect(layers).toEqual(["bronze"]);
});

test("tables are in the zones of their lake", () => {
  const folders = foldersOf({ database: "raw/database", silver: "curated/{format}" }, "one");
  const { tables } = withTable("core_tenant", { format: "delta" });
  const found = catalogTables({ ...manifest, tables }, "e0002", folders);
  const prefix = (layer: string, name: string) =>
    found.find((each) => each.layer === layer && each.name === name)!.prefix;
  expect(prefix("bronze", "core_order")).toBe("raw/database/e0002/public/core_order/");
  expect(prefix("silver", "core_order")).toBe("curated/hudi/core_order/");
  expect(prefix("silver", "core_tenant")).toBe("curated/delta/core_tenant/");
  const [model] = manifest.models;
  expect(prefix("gold", model!.name)).toBe(`gold/${model!.name}/`);
});

test("no two columns of a table have one name", () => {
  for (const { name, columns, partitionKeys } of catalogTables(manifest, "e0001", FOLDERS)) {
    const names = [...columns, ...partitionKeys].map((column) => column.name);
    expect({ name, names: [...new Set(names)] }).toEqual({ name, names });
  }
});

test("names say lake, environment and layer, in one database or in one per layer", () => {
  expect(databaseName("saas-dev", "per-layer", "gold")).toBe("saas_dev_gold");
  expect(databaseNames("saas-dev", "per-layer")).toEqual([
    "saas_dev_bronze",
    "saas_dev_silver",
    "saas_dev_gold",
  ]);
  expect(databaseNames("saas-dev", "single")).toEqual(["saas_dev"]);
  expect(catalogName("saas-dev", "per-layer", "silver", "core_order")).toEqual({
    database: "saas_dev_silver",
    table: "core_order",
  });
  expect(catalogName("saas-dev", "single", "silver", "core_order")).toEqual({
    database: "saas_dev",
    table: "silver_core_order",
  });
});
