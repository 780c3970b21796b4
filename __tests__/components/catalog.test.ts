import { Catalog, type CatalogArgs } from "../../components/catalog";
import { refuseOpenDefaults } from "../../components/lake-formation-defaults";
import { recordResources, type Registered, settled } from "../pulumi-mocks";
import { bucketsOf, registeredOf, shopLake } from "./lake-fixtures";
import { recordOptions } from "./registration-options";

const { manifest } = shopLake();
let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

afterEach(settled);

async function create(args: Partial<CatalogArgs> = {}): Promise<Catalog> {
  const catalog = new Catalog("shop-dev", {
    manifest,
    buckets: bucketsOf("bronze", "silver", "gold"),
    ...args,
  });
  await settled();
  return catalog;
}

test("each layer has a database of its own, named by lake and environment", async () => {
  await create();
  const databases = Object.values(registeredOf(registered, "glue/catalogDatabase"));
  expect(databases).toEqual([
    {
      name: "shop_dev_bronze",
      description: "Lake shop-dev: change files as replication wrote them",
    },
    { name: "shop_dev_gold", description: "Lake shop-dev: models over silver" },
    {
      name: "shop_dev_silver",
      description: "Lake shop-dev: one row per source key, as of the newest change applied",
    },
  ]);
});

test("one database holds all layers where asked, its tables prefixed", async () => {
  const catalog = await create({ layout: "single" });
  expect(Object.values(registeredOf(registered, "glue/catalogDatabase"))).toEqual([
    { name: "shop_dev", description: "Lake shop-dev: every layer" },
  ]);
  expect(catalog.databases.gold).toBe(catalog.databases.bronze);
  const tables = registeredOf(registered, "glue/catalogTable");
  expect(tables["shop-dev-gold-calendar"]).toMatchObject({
    databaseName: "shop_dev",
    name: "gold_calendar",
  });
});

test("a table says where it is, how it is read and what its columns are", async () => {
  await create();
  const tables = registeredOf(registered, "glue/catalogTable");
  expect(Object.keys(tables)).toHaveLength(2 * manifest.tables.length + manifest.models.length);
  const order = tables["shop-dev-silver-orders"]!;
  expect(order).toMatchObject({
    databaseName: "shop_dev_silver",
    name: "orders",
    description: "An order",
    tableType: "EXTERNAL_TABLE",
    parameters: { EXTERNAL: "TRUE" },
    partitionKeys: [{ name: "month", type: "string" }],
  });
  expect(order.storageDescriptor).toMatchObject({
    location: "s3://the-silver/orders/",
    inputFormat: "org.apache.hudi.hadoop.HoodieParquetInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serDeInfo: {
      serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
      parameters: { "serialization.format": "1" },
    },
  });
  expect(order.storageDescriptor.columns.map(({ name }: { name: string }) => name)).toEqual([
    ...["commit_time", "commit_seqno", "record_key", "partition_path", "file_name"].map(
      (name) => `_hoodie_${name}`,
    ),
    ...["id", "tenant_id", "email", "token", "_lw_order", "_lw_committed_at"],
  ]);
});

test("the SerDe of a native Delta table holds its path", async () => {
  await create();
  const { storageDescriptor } = registeredOf(registered, "glue/catalogTable")[
    "shop-dev-gold-calendar"
  ]!;
  expect(storageDescriptor.serDeInfo.parameters).toEqual({
    "serialization.format": "1",
    path: "s3://the-gold/calendar/",
  });
});

test("bronze shows the first epoch, or the one that is asked for", async () => {
  await create();
  await create({ epoch: "e0012" });
  const locations = registered
    .filter(({ name }) => name === "shop-dev-bronze-orders")
    .map(({ inputs }) => inputs.storageDescriptor.location);
  expect(locations).toEqual([
    "s3://the-bronze/e0001/public/orders/",
    "s3://the-bronze/e0012/public/orders/",
  ]);
});

const COLLEAGUE = "arn:aws:iam::123456789012:role/colleague";

test("nobody is granted what others made, unless they are named as deployers", async () => {
  await create();
  expect(registeredOf(registered, "lakeformation/permissions")).toEqual({});
});

test("a deployer may change every database and table, and grant it on", async () => {
  await create({ deployers: [COLLEAGUE, COLLEAGUE] });
  const grants = Object.values(registeredOf(registered, "lakeformation/permissions"));
  const database = ["ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"];
  const tables = ["ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"];
  const given = (permissions: string[]) => ({
    principal: COLLEAGUE,
    permissions,
    permissionsWithGrantOptions: permissions,
  });
  expect(grants).toHaveLength(6);
  for (const name of ["shop_dev_bronze", "shop_dev_silver", "shop_dev_gold"]) {
    expect(grants).toContainEqual({ ...given(database), database: { name } });
    const table = { databaseName: name, wildcard: true };
    expect(grants).toContainEqual({ ...given(tables), table });
  }
});

test("a single database is granted once", async () => {
  await create({ deployers: [COLLEAGUE], layout: "single" });
  expect(Object.keys(registeredOf(registered, "lakeformation/permissions"))).toHaveLength(2);
});

test("grants to deployers come before tables, and end with their database", async () => {
  const options = recordOptions();
  const { deployerGrants } = await create({ deployers: [COLLEAGUE] });
  const names = Object.keys(registeredOf(registered, "lakeformation/permissions"));
  expect(deployerGrants.grants).toHaveLength(names.length);
  const tables = [...options].filter(([key]) => key.startsWith("CatalogTable "));
  expect(tables).toHaveLength(2 * manifest.tables.length + manifest.models.length);
  for (const [, { dependsOn }] of tables) expect(dependsOn).toEqual(expect.arrayContaining(names));
  for (const name of names) {
    expect(options.get(`Permissions ${name}`)).toMatchObject({
      deletedWith: `shop-dev-${name.split("-").at(-1)}`,
      // Else what Lake Formation lists beside would replace the grant in each deployment.
      ignoreChanges: ["permissions", "permissionsWithGrantOptions"],
    });
  }
});

test("an epoch that is no bronze folder is refused", () => {
  const buckets = bucketsOf("bronze", "silver", "gold");
  expect(() => new Catalog("x", { manifest, buckets, epoch: "1" })).toThrow(
    'epoch: found "1", expected the name of a bronze folder such as e0001',
  );
});

test("an account that gives new tables to everyone is refused, for filters hold for nobody there", () => {
  const given = (principal: string, ...permissions: string[]) => [{ principal, permissions }];
  expect(() => refuseOpenDefaults(given("IAM_ALLOWED_PRINCIPALS", "ALL"))).toThrow(
    "on the account stack first",
  );
  refuseOpenDefaults([]);
  refuseOpenDefaults(given("IAM_ALLOWED_PRINCIPALS"));
  refuseOpenDefaults(given("arn:aws:iam::123456789012:role/owner", "SELECT"));
});
