import * as aws from "@pulumi/aws";

import { Catalog } from "../../components/catalog";
import { Query, type QueryArgs } from "../../components/query";
import { recordResources, type Registered, settled } from "../pulumi-mocks";
import { bucketsOf, registeredOf, shopLake } from "./lake-fixtures";

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

afterEach(settled);

function create(args: Partial<QueryArgs> = {}, layout: "per-layer" | "single" = "per-layer") {
  const { results, ...buckets } = bucketsOf("bronze", "silver", "gold", "results");
  const { manifest } = shopLake();
  const catalog = new Catalog("shop-dev", { manifest, buckets, layout });
  return new Query("shop-dev", { catalog, results, ...args });
}

const workgroups = () => registeredOf(registered, "athena/workgroup");

test("a workgroup enforces engine, limit, encryption and a prefix of its own", async () => {
  create({ key: new aws.kms.Key("the-key"), tenants: ["3"] });
  await settled();
  expect(workgroups()["shop-dev-tenant-3"]).toEqual({
    name: "shop-dev-tenant-3",
    description: "Tenant 3 of lake shop-dev",
    forceDestroy: true,
    configuration: {
      enforceWorkgroupConfiguration: true,
      publishCloudwatchMetricsEnabled: true,
      requesterPaysEnabled: false,
      bytesScannedCutoffPerQuery: 10 * 1024 ** 3,
      engineVersion: { selectedEngineVersion: "Athena engine version 3" },
      resultConfiguration: {
        outputLocation: "s3://the-results/shop-dev-tenant-3/",
        expectedBucketOwner: "123456789012",
        encryptionConfiguration: {
          encryptionOption: "SSE_KMS",
          kmsKeyArn: "arn:aws:mock:::the-key",
        },
      },
    },
  });
});

test("no two workgroups share a prefix of the results", async () => {
  create({ tenants: ["3", "33", "a b"] });
  await settled();
  const locations = Object.values(workgroups()).map(
    ({ configuration }) => configuration.resultConfiguration.outputLocation,
  );
  expect(locations).toEqual([
    "s3://the-results/shop-dev/",
    "s3://the-results/shop-dev-analysts/",
    "s3://the-results/shop-dev-tenant-3/",
    "s3://the-results/shop-dev-tenant-33/",
    "s3://the-results/shop-dev-tenant-a_20b/",
  ]);
});

test("without settings: limits by reader, Amazon S3's key, kept when the lake is destroyed", async () => {
  create();
  await settled();
  const facts = Object.entries(workgroups()).map(([name, { configuration, forceDestroy }]) => [
    name,
    configuration.bytesScannedCutoffPerQuery,
    configuration.resultConfiguration.encryptionConfiguration.encryptionOption,
    forceDestroy,
  ]);
  expect(facts).toEqual([
    ["shop-dev", 1024 ** 4, "SSE_S3", false],
    ["shop-dev-analysts", 100 * 1024 ** 3, "SSE_S3", false],
  ]);
  expect(registeredOf(registered, "athena/namedQuery")).toEqual({});
});

test("settings change limits, who pays and what may be destroyed", async () => {
  create({
    tenants: ["3"],
    teamCutoffBytes: 2e9,
    analystCutoffBytes: 1e9,
    tenantCutoffBytes: 1e8,
    requesterPays: true,
    destroyable: true,
  });
  await settled();
  const facts = Object.values(workgroups()).map(({ configuration, forceDestroy }) => [
    configuration.bytesScannedCutoffPerQuery,
    configuration.requesterPaysEnabled,
    forceDestroy,
  ]);
  expect(facts).toEqual([
    [2e9, true, true],
    [1e9, true, true],
    [1e8, true, true],
  ]);
});

test("a limit below Athena's least is refused", () => {
  expect(() => create({ teamCutoffBytes: 1_000_000 })).toThrow(
    "shop-dev: cutoffBytes is 1000000; Athena takes 10485760 (10 MiB) or more",
  );
});

test("queries are saved for the team, those without bronze for analysts too", async () => {
  create(
    {
      queries: [
        { name: "raw_orders", description: "Raw orders.", sql: "SELECT id FROM bronze.orders" },
        { name: "sales", description: "Sales.", sql: "SELECT orders FROM gold.revenue" },
      ],
    },
    "single",
  );
  await settled();
  const saved = registeredOf(registered, "athena/namedQuery");
  expect(Object.keys(saved)).toEqual([
    "shop-dev-analysts-sales",
    "shop-dev-team-raw_orders",
    "shop-dev-team-sales",
  ]);
  expect(saved["shop-dev-analysts-sales"]).toEqual({
    name: "sales",
    description: "Sales.",
    database: "shop_dev",
    workgroup: "shop-dev-analysts",
    query: "SELECT orders FROM shop_dev.gold_revenue",
  });
});
