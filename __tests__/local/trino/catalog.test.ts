import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { lakeHome, type LakePaths, lakePaths, type Paths, paths } from "../../../local/paths";
import { withLock } from "../../../local/process/lock";
import { accessFacts, publishLake, writeAccessRules } from "../../../local/trino";
import {
  type DescribedTable,
  registerBronze,
  registeredTables,
  registerLake,
  registerPartitions,
} from "../../../local/trino/catalog";
import { localLocation } from "../../../local/trino/file-metastore";
import { shop } from "./shop";

let at: Paths;
let lake: LakePaths;

const document = (path: string) =>
  JSON.parse(readFileSync(join(lake.metastore, path, ".trinoSchema"), "utf8")) as Record<
    string,
    unknown
  >;

function orders(changes: Partial<DescribedTable> = {}): DescribedTable {
  return {
    layer: "silver",
    name: "orders",
    format: "hudi",
    location: join(lake.silver, "orders"),
    partition_by: ["order_month"],
    columns: [
      { name: "_hoodie_commit_time", type: "string" },
      { name: "id", type: "bigint" },
      { name: "order_month", type: "string" },
      { name: "amount", type: "decimal(12,2)" },
    ],
    ...changes,
  };
}

const partition = (name: string) =>
  mkdirSync(join(lake.silver, "orders", name), { recursive: true });

beforeEach(() => {
  at = paths({ LAKEWRIGHT_HOME: mkdtempSync(join(tmpdir(), "lakewright-catalog-")) });
  lake = lakePaths({ name: "shop" }, at);
});
afterEach(() => rmSync(at.state, { recursive: true }));

test("a partitioned Hudi table comes with a document for each of its partitions", () => {
  partition("order_month=2026-01");
  partition("order_month=2026-02");
  partition(".hoodie");
  registerLake(shop, [orders()], lake);
  expect(document("silver/orders")).toMatchObject({
    externalLocation: "local:///silver/orders",
    dataColumns: [
      { name: "id", type: "bigint" },
      { name: "amount", type: "decimal(12,2)" },
    ],
    partitionColumns: [{ name: "order_month", type: "string" }],
    originalStorageFormat: { inputFormat: "org.apache.hudi.hadoop.HoodieParquetInputFormat" },
    parameters: { comment: "An order" },
  });
  expect(readdirSync(join(lake.metastore, "silver", "orders")).sort()).toEqual([
    ".trinoSchema",
    "order_month=2026-01",
    "order_month=2026-02",
  ]);
  expect(document("silver/orders/order_month=2026-02")).toMatchObject({
    externalLocation: "local:///silver/orders/order_month=2026-02",
  });
});

test("tables are found in the zones of their lake", () => {
  lake = lakePaths(
    { name: "shop", zones: { database: "raw/database", silver: "curated/{format}" } },
    at,
  );
  expect(lake).toMatchObject({
    bronze: join(lake.root, "raw", "database"),
    files: join(lake.root, "files"),
    silver: join(lake.root, "curated", "{format}"),
    gold: join(lake.root, "gold"),
    quarantine: join(lake.root, "quarantine"),
    ops: join(lake.root, "ops"),
  });
  const location = join(lake.root, "curated", "hudi", "orders");
  mkdirSync(join(location, "order_month=2026-01"), { recursive: true });
  mkdirSync(join(lake.bronze, "e0001", "public", "orders"), { recursive: true });
  registerLake(shop, [orders({ location })], lake);
  expect(document("silver/orders/order_month=2026-01")).toMatchObject({
    externalLocation: "local:///curated/hudi/orders/order_month=2026-01",
  });
  expect(document("bronze/orders")).toMatchObject({
    externalLocation: "local:///raw/database/e0001/public/orders",
  });
});

test("registerPartitions takes in new partitions, also those without the column's name, and drops gone ones", () => {
  partition("order_month=2026-01");
  registerLake(shop, [orders()], lake);
  rmSync(join(lake.silver, "orders", "order_month=2026-01"), { recursive: true });
  partition("2026-03");
  registerPartitions(lake, ["silver.orders", "silver.unknown"]);
  expect(readdirSync(join(lake.metastore, "silver", "orders")).sort()).toEqual([
    ".trinoSchema",
    "order_month=2026-03",
  ]);
  expect(document("silver/orders/order_month=2026-03")).toMatchObject({
    externalLocation: "local:///silver/orders/2026-03",
  });
});

test("partition values are escaped as Hive does, whether the folder's name is or not", () => {
  partition("order_month=09:30 a=b");
  partition("order_month=10%3A30");
  registerLake(shop, [orders()], lake);
  expect(readdirSync(join(lake.metastore, "silver", "orders")).sort()).toEqual([
    ".trinoSchema",
    "order_month=09%3A30 a%3Db",
    "order_month=10%3A30",
  ]);
  expect(document("silver/orders/order_month=09%3A30 a%3Db")).toMatchObject({
    externalLocation: "local:///silver/orders/order_month=09:30 a=b",
  });
});

test("registering again writes nothing, and takes out what is no longer described", () => {
  partition("order_month=2026-01");
  registerLake(shop, [orders(), orders({ name: "visits" })], lake);
  const before = statSync(join(lake.metastore, "silver", "orders", ".trinoSchema"));
  registerLake(shop, [orders()], lake);
  const after = statSync(join(lake.metastore, "silver", "orders", ".trinoSchema"));
  expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  expect(readdirSync(join(lake.metastore, "silver"))).toEqual(["orders"]);
});

test("a table that changes its format loses its partitions' documents", () => {
  partition("order_month=2026-01");
  registerLake(shop, [orders()], lake);
  registerLake(shop, [orders({ format: "delta" })], lake);
  expect(document("silver/orders")).toMatchObject({
    parameters: { "spark.sql.sources.provider": "delta" },
    partitionColumns: [],
    serdeParameters: { path: "local:///silver/orders" },
  });
  expect(existsSync(join(lake.metastore, "silver", "orders", "order_month=2026-01"))).toBe(false);
});

test("bronze is the newest epoch that is complete, else the newest, else empty", () => {
  const epoch = (name: string, complete: boolean) => {
    const folder = join(lake.bronze, name, "public", "orders");
    mkdirSync(folder, { recursive: true });
    if (complete) writeFileSync(join(folder, "_LOAD_COMPLETE"), "{}");
  };
  const location = () => {
    registerBronze(shop, lake);
    return document("bronze/orders").externalLocation;
  };
  expect(location()).toBe("local:///metastore/.empty");
  epoch("e0001", false);
  expect(location()).toBe("local:///bronze/e0001/public/orders");
  epoch("e0001", true);
  epoch("e0002", false);
  expect(location()).toBe("local:///bronze/e0001/public/orders");
  epoch("e0002", true);
  expect(location()).toBe("local:///bronze/e0002/public/orders");
  expect(
    (document("bronze/orders").dataColumns as { name: string }[]).map(({ name }) => name),
  ).toEqual([
    "op",
    "dms_timestamp",
    "dms_change_seq",
    "id",
    "tenant_id",
    "note",
    "amount",
    "bi_id",
  ]);
});

test("bronze as CSV is text in all columns, without the header", () => {
  registerBronze({ ...shop, manifest: { ...shop.manifest, bronze_format: "csv" } }, lake);
  const { storageFormat, parameters, dataColumns } = document("bronze/orders");
  expect(storageFormat).toBe("CSV");
  expect(parameters).toMatchObject({ "skip.header.line.count": "1" });
  expect(new Set((dataColumns as { type: string }[]).map(({ type }) => type))).toEqual(
    new Set(["string"]),
  );
});

test("locations are paths or file addresses inside the lake", () => {
  expect(localLocation("/lake/silver/a", "/lake")).toBe("local:///silver/a");
  expect(localLocation("file:/lake/silver/a b", "/lake")).toBe("local:///silver/a b");
  expect(localLocation("file:///lake/silver/a/", "/lake")).toBe("local:///silver/a");
  for (const outside of ["/other/a", "/lake", "silver/a"]) {
    expect(() => localLocation(outside, "/lake")).toThrow("inside /lake");
  }
});

test("access rules keep what is known of a lake and change only when it does", async () => {
  const rules = join(at.trino, "etc", "access-rules.json");
  expect(accessFacts("saas", at)).toEqual({ tenants: [], columns: {} });
  expect(await writeAccessRules("saas", { tenants: ["10", "2"] }, at)).toBe(true);
  expect(readFileSync(rules, "utf8")).toContain("analyst|tenant_2|tenant_10");
  expect(await writeAccessRules("saas", {}, at)).toBe(false);
  expect(await writeAccessRules("saas", { tenants: ["2", "10"] }, at)).toBe(false);
  await publishLake({ ...shop, definition: { ...shop.definition, name: "saas" } }, [], ["1"], at);
  expect(accessFacts("saas", at).tenants).toEqual(["1"]);
  expect(readFileSync(rules, "utf8")).not.toContain("tenant_2");
  expect(existsSync(join(lakeHome("saas", at).metastore, ".silver.trinoSchema"))).toBe(true);
});

test("facts that no rules follow from are refused and leave nothing behind", async () => {
  expect(await writeAccessRules("saas", { tenants: ["1"] }, at)).toBe(true);
  await expect(writeAccessRules("saas", { tenants: ["1", "Acme & Co"] }, at)).rejects.toThrow(
    'tenant "Acme & Co" is no whole number',
  );
  expect(accessFacts("saas", at).tenants).toEqual(["1"]);
  expect(await writeAccessRules("saas", {}, at)).toBe(false);
});

test("a command that writes rules waits for another that is about to, and keeps its facts", async () => {
  const order: string[] = [];
  let second: Promise<unknown> | undefined;
  await withLock(join(at.trino, "access"), async () => {
    second = writeAccessRules("saas", { tenants: ["7"] }, at).then(() => order.push("second"));
    await sleep(300);
    mkdirSync(join(at.trino, "access"), { recursive: true });
    const facts = { tenants: ["1"], columns: { "silver.core_order": ["id"] } };
    writeFileSync(join(at.trino, "access", "saas.json"), JSON.stringify(facts));
    order.push("first");
  });
  await second;
  expect(order).toEqual(["first", "second"]);
  const columns = { "silver.core_order": ["id"] };
  expect(accessFacts("saas", at)).toEqual({ tenants: ["7"], columns });
});

test("the tables that Trino knows are those with a document", () => {
  expect(registeredTables("silver", lake)).toEqual([]);
  registerLake(shop, [orders()], lake);
  mkdirSync(join(lake.metastore, "silver", "visits"));
  expect(registeredTables("silver", lake)).toEqual(["orders"]);
  expect(registeredTables("quarantine", lake)).toEqual([]);
});
