import * as aws from "@pulumi/aws";

import { Catalog } from "../../components/catalog";
import { Governance, type GovernanceArgs } from "../../components/governance";
import { Query } from "../../components/query";
import type { DatabaseLayout } from "../../model/aws/names";
import { recordResources, type Registered, settled } from "../pulumi-mocks";
import { bucketsOf, registeredOf, shopLake } from "./lake-fixtures";
import { recordOptions } from "./registration-options";

const ACCOUNT = "123456789012";
let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

afterEach(settled);

function create(
  args: Partial<GovernanceArgs> = {},
  { layout = "per-layer" as DatabaseLayout, workgroups = Object.keys(args.tenants ?? {}) } = {},
): Governance {
  const lake = shopLake();
  const buckets = bucketsOf("bronze", "silver", "gold", "results");
  const catalog = new Catalog("shop-dev", { manifest: lake.manifest, buckets, layout });
  const query = new Query("shop-dev", { catalog, results: buckets.results, tenants: workgroups });
  return new Governance("shop-dev", { lake, catalog, query, buckets, ...args });
}

const of = (type: string) => registeredOf(registered, type);
const permissions = () => of("lakeformation/permissions");
const statements = (policy: string) => JSON.parse(policy).Statement;

test("Lake Formation reads the three layers by a role that can do nothing else", async () => {
  create({ key: new aws.kms.Key("the-key") });
  await settled();
  expect(of("lakeformation/resource")).toEqual(
    Object.fromEntries(
      ["bronze", "silver", "gold"].map((layer) => [
        `shop-dev-${layer}`,
        {
          arn: `arn:aws:mock:::the-${layer}`,
          roleArn: "arn:aws:mock:::shop-dev-locations",
          hybridAccessEnabled: false,
        },
      ]),
    ),
  );
  const role = of("iam/role")["shop-dev-locations"]!;
  expect(statements(role.assumeRolePolicy)).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "lakeformation.amazonaws.com" },
      Action: "sts:AssumeRole",
    },
  ]);
  const buckets = ["bronze", "silver", "gold"].map((layer) => `arn:aws:mock:::the-${layer}`);
  expect(statements(of("iam/rolePolicy")["shop-dev-locations"]!.policy)).toEqual([
    { Sid: "List", Effect: "Allow", Action: "s3:ListBucket", Resource: buckets },
    {
      Sid: "Read",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: buckets.map((arn) => `${arn}/*`),
    },
    { Sid: "Decrypt", Effect: "Allow", Action: "kms:Decrypt", Resource: "arn:aws:mock:::the-key" },
  ]);
});

test("a deployer may assign the lake's LF-Tags, before they are and as long as they are", async () => {
  const options = recordOptions();
  const deployer = "arn:aws:iam::123456789012:role/colleague";
  create({ deployers: [deployer] });
  await settled();
  const own = Object.entries(permissions()).filter(([, { principal }]) => principal === deployer);
  const values = ["internal", "personal", "secret"];
  expect(own.map(([, grant]) => grant)).toEqual([
    {
      principal: deployer,
      permissions: ["ASSOCIATE", "DESCRIBE"],
      permissionsWithGrantOptions: ["ASSOCIATE", "DESCRIBE"],
      lfTag: { key: "shop-dev-layer", values: ["bronze", "silver", "gold"] },
    },
    {
      principal: deployer,
      permissions: ["ASSOCIATE", "DESCRIBE"],
      permissionsWithGrantOptions: ["ASSOCIATE", "DESCRIBE"],
      lfTag: { key: "shop-dev-sensitivity", values },
    },
  ]);
  const assignments = [...options].filter(([key]) => key.startsWith("ResourceLfTags "));
  expect(assignments.length).toBeGreaterThan(3);
  const names = own.map(([name]) => name);
  for (const [, each] of assignments) expect(each.dependsOn).toEqual(expect.arrayContaining(names));
});

test("a tenant has a filter and a grant on each table that holds tenants", async () => {
  create({ tenants: { "3": {} } });
  await settled();
  expect(Object.keys(of("lakeformation/dataCellsFilter"))).toEqual([
    "shop-dev-tenant-3-gold-revenue",
    "shop-dev-tenant-3-silver-orders",
    "shop-dev-tenant-3-silver-tenants",
  ]);
  const place = { tableCatalogId: ACCOUNT, databaseName: "shop_dev_silver", tableName: "orders" };
  expect(of("lakeformation/dataCellsFilter")["shop-dev-tenant-3-silver-orders"]).toEqual({
    tableData: {
      ...place,
      name: "shop-dev-tenant-3",
      columnNames: ["id", "tenant_id", "month"],
      rowFilter: { filterExpression: '"tenant_id" = 3' },
    },
  });
  expect(permissions()["shop-dev-tenant-3-silver-orders"]).toEqual({
    principal: "arn:aws:mock:::shop-dev-tenant-3",
    permissions: ["SELECT"],
    dataCellsFilter: { ...place, name: "shop-dev-tenant-3" },
  });
});

test("a tenant's grants are on silver and gold alone, each table by explicit columns", async () => {
  create({ tenants: { "3": {} } });
  await settled();
  const own = Object.values(permissions()).filter(({ principal }) => principal.endsWith("-3"));
  const places = (key: string) =>
    own.flatMap((grant) => (grant[key] ? [{ given: grant.permissions, ...grant[key] }] : []));
  expect(own).toHaveLength(7);
  expect(places("database")).toEqual([
    { given: ["DESCRIBE"], name: "shop_dev_gold" },
    { given: ["DESCRIBE"], name: "shop_dev_silver" },
  ]);
  expect(places("dataCellsFilter").map(({ given, tableName }) => [given, tableName])).toEqual(
    ["revenue", "orders", "tenants"].map((table) => [["SELECT"], table]),
  );
  expect(places("tableWithColumns")).toEqual([
    { given: ["SELECT"], databaseName: "shop_dev_gold", name: "calendar", columnNames: ["day"] },
    {
      given: ["SELECT"],
      databaseName: "shop_dev_silver",
      name: "countries",
      columnNames: ["code"],
    },
  ]);
});

test("a tenant's role has no rights on the lake's buckets, only on its own results", async () => {
  create({ tenants: { "3": {} } });
  await settled();
  const policy = of("iam/rolePolicy")["shop-dev-tenant-3"]!.policy as string;
  const arns = policy.match(/arn:aws:mock:::[\w/*-]+/g);
  expect([...new Set(arns)]).toEqual([
    "arn:aws:mock:::shop-dev-tenant-3",
    "arn:aws:mock:::the-results",
    "arn:aws:mock:::the-results/shop-dev-tenant-3/*",
  ]);
  expect(statements(of("iam/role")["shop-dev-tenant-3"]!.assumeRolePolicy)).toEqual([
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: "sts:AssumeRole",
    },
  ]);
});

test("only those named may take on a role where names are given", async () => {
  const trusted = ["arn:aws:iam::123456789012:role/acme"];
  create({ tenants: { "3": { trusted } } });
  await settled();
  const [statement] = statements(of("iam/role")["shop-dev-tenant-3"]!.assumeRolePolicy);
  expect(statement.Principal).toEqual({ AWS: trusted });
});

test("principals of the account's own get the grants, and a policy to be attached", async () => {
  const principals = ["one", "two"].map((name) => `arn:aws:iam::${ACCOUNT}:role/${name}`);
  const governance = create({ tenants: { "3": { principals } } });
  await settled();
  expect(governance.tenants["3"]!.role).toBeUndefined();
  expect(of("iam/role")["shop-dev-tenant-3"]).toBeUndefined();
  expect(of("iam/policy")["shop-dev-tenant-3"]!.policy).toContain("lakeformation:GetDataAccess");
  expect(Object.keys(of("lakeformation/dataCellsFilter"))).toHaveLength(3);
  for (const principal of principals) {
    const own = Object.values(permissions()).filter((grant) => grant.principal === principal);
    expect(own).toHaveLength(7);
    expect(
      own.map(({ dataCellsFilter }) => dataCellsFilter?.name).filter((name) => name !== undefined),
    ).toEqual(["shop-dev-tenant-3", "shop-dev-tenant-3", "shop-dev-tenant-3"]);
  }
});

test("a principal's grants keep their names when another one leaves", async () => {
  const principals = ["one", "two"].map((name) => `arn:aws:iam::${ACCOUNT}:role/${name}`);
  const namesOfTwo = async (given: string[]) => {
    registered = recordResources();
    create({ team: { principals: given } });
    await settled();
    return Object.entries(permissions())
      .filter(([, { principal }]) => principal === principals[1])
      .map(([name]) => name);
  };
  const before = await namesOfTwo(principals);
  expect(before).toHaveLength(6);
  expect(await namesOfTwo(principals.slice(1))).toEqual(before);
});

test("principals and trusted together are refused", () => {
  const tenants = { "3": { principals: ["a"], trusted: ["b"] } };
  expect(() => create({ tenants })).toThrow("has both principals and trusted");
});

test("a tenant without workgroup is refused", () => {
  expect(() => create({ tenants: { "3": {} } }, { workgroups: [] })).toThrow(
    'tenants: "3" has no workgroup',
  );
});

test("analysts read all rows of the columns that they may see, the team everything", async () => {
  create();
  await settled();
  expect(of("lakeformation/dataCellsFilter")).toEqual({});
  expect(permissions()["shop-dev-analysts-silver-orders"]).toEqual({
    principal: "arn:aws:mock:::shop-dev-analysts",
    permissions: ["SELECT"],
    tableWithColumns: {
      databaseName: "shop_dev_silver",
      name: "orders",
      columnNames: ["id", "tenant_id", "email", "month"],
    },
  });
  const layers = ["bronze", "gold", "silver"];
  const team = Object.entries(permissions()).filter(([name]) => name.startsWith("shop-dev-team"));
  expect(team.map(([, { database, table }]) => database ?? table)).toEqual([
    ...layers.map((layer) => ({ name: `shop_dev_${layer}` })),
    ...layers.map((layer) => ({ databaseName: `shop_dev_${layer}`, wildcard: true })),
  ]);
});

test("the job may keep tables and partitions of silver and gold up to date, and no others", async () => {
  create({ jobRole: new aws.iam.Role("the-job", { assumeRolePolicy: "{}" }) });
  await settled();
  const job = Object.values(permissions()).filter(({ principal }) => principal.endsWith("the-job"));
  const tables = ["ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT"];
  expect(
    job.map(({ permissions: given, database, table, dataLocation }) => [
      given,
      database?.name ?? table?.databaseName ?? dataLocation?.arn,
    ]),
  ).toEqual([
    [["DESCRIBE"], "shop_dev_gold"],
    [["DESCRIBE"], "shop_dev_silver"],
    [["DATA_LOCATION_ACCESS"], "arn:aws:mock:::shop-dev-gold"],
    [["DATA_LOCATION_ACCESS"], "arn:aws:mock:::shop-dev-silver"],
    [tables, "shop_dev_gold"],
    [tables, "shop_dev_silver"],
  ]);
});

test("in a single database a reader has one grant on it, and on its own tables by name", async () => {
  create({ tenants: { "3": {} } }, { layout: "single" });
  await settled();
  const own = Object.entries(permissions()).filter(([name]) => name.includes("-tenant-3-"));
  expect(own[0]![1].database).toEqual({ name: "shop_dev" });
  expect(own.filter(([, { database }]) => database)).toHaveLength(1);
  expect(own.map(([, grant]) => grant.dataCellsFilter?.tableName).filter(Boolean)).toEqual([
    "gold_revenue",
    "silver_orders",
    "silver_tenants",
  ]);
});

test("tags are the lake's own, on databases and on columns that are more than internal", async () => {
  create();
  await settled();
  expect(Object.values(of("lakeformation/lfTag"))).toEqual([
    { key: "shop-dev-layer", values: ["bronze", "silver", "gold"] },
    { key: "shop-dev-sensitivity", values: ["internal", "personal", "secret"] },
  ]);
  expect(of("lakeformation/resourceLfTags")).toMatchObject({
    "shop-dev-tags-gold": {
      database: { name: "shop_dev_gold" },
      lfTags: [
        { key: "shop-dev-layer", value: "gold" },
        { key: "shop-dev-sensitivity", value: "internal" },
      ],
    },
    "shop-dev-tags-silver-orders-personal": {
      tableWithColumns: {
        databaseName: "shop_dev_silver",
        name: "orders",
        columnNames: ["email"],
      },
      lfTags: [{ key: "shop-dev-sensitivity", value: "personal" }],
    },
  });
});

test("each tenant more costs the same number of resources", async () => {
  const counts: number[] = [];
  for (const tenants of [1, 2, 5]) {
    registered = recordResources();
    const ids = Array.from({ length: tenants }, (_, index) => [String(index), {}]);
    create({ tenants: Object.fromEntries(ids) });
    await settled();
    counts.push(registered.length);
  }
  const [one, two, five] = counts as [number, number, number];
  expect(five - two).toBe(3 * (two - one));
});
