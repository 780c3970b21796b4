import * as aws from "@pulumi/aws";

import { Catalog } from "../../components/catalog";
import { Crawlers, type CrawlersArgs } from "../../components/crawlers";
import { RegisteredLocations } from "../../components/registered-locations";
import type { DatabaseLayout } from "../../model/aws/names";
import { recordResources, type Registered, settled } from "../pulumi-mocks";
import { bucketsOf, registeredOf, shopLake } from "./lake-fixtures";

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

afterEach(settled);

function create(args: Partial<CrawlersArgs> = {}, layout: DatabaseLayout = "per-layer"): Crawlers {
  const { manifest } = shopLake();
  const buckets = bucketsOf("bronze", "silver", "gold");
  const catalog = new Catalog("shop-dev", { manifest, buckets, layout });
  const locations = new RegisteredLocations("shop-dev", { buckets });
  return new Crawlers("shop-dev", { manifest, catalog, locations, buckets, ...args });
}

const crawlers = () => registeredOf(registered, "glue/crawler");

test("each layer is crawled by what its tables are: declared, Hudi or native Delta", async () => {
  create();
  await settled();
  expect(Object.keys(crawlers())).toEqual(
    ["bronze", "gold-delta", "gold-hudi", "silver-delta", "silver-hudi"].map(
      (name) => `shop-dev-${name}`,
    ),
  );
  const shared = {
    role: "arn:aws:mock:::shop-dev-crawler",
    schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "LOG" },
    recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
    lakeFormationConfiguration: { useLakeFormationCredentials: false },
  };
  expect(crawlers()["shop-dev-bronze"]).toEqual({
    ...shared,
    name: "shop-dev-bronze",
    description: "Columns and partitions of bronze of lake shop-dev",
    databaseName: "shop_dev_bronze",
    catalogTargets: [
      { databaseName: "shop_dev_bronze", tables: ["tenants", "orders", "countries"] },
    ],
    configuration:
      '{"Version":1,"CrawlerOutput":{"Tables":{"AddOrUpdateBehavior":"MergeNewColumns"}},' +
      '"Grouping":{"TableGroupingPolicy":"CombineCompatibleSchemas"}}',
  });
  expect(crawlers()["shop-dev-silver-hudi"]).toEqual({
    ...shared,
    name: "shop-dev-silver-hudi",
    description: "Columns and partitions of silver of lake shop-dev",
    databaseName: "shop_dev_silver",
    hudiTargets: [
      { paths: ["s3://the-silver/tenants/", "s3://the-silver/orders/"], maximumTraversalDepth: 1 },
    ],
  });
  expect(crawlers()["shop-dev-gold-delta"]).toMatchObject({
    deltaTargets: [
      {
        deltaTables: ["s3://the-gold/calendar/"],
        writeManifest: false,
        createNativeDeltaTable: true,
      },
    ],
  });
});

test("crawlers run on demand, of these layers and at these times where asked", async () => {
  create();
  await settled();
  expect(Object.values(crawlers()).filter(({ schedule }) => schedule)).toEqual([]);
  registered = recordResources();
  create({ layers: ["gold"], schedule: "cron(0 4 * * ? *)" });
  await settled();
  expect(Object.entries(crawlers()).map(([name, { schedule }]) => [name, schedule])).toEqual([
    ["shop-dev-gold-delta", "cron(0 4 * * ? *)"],
    ["shop-dev-gold-hudi", "cron(0 4 * * ? *)"],
  ]);
});

test("in a single database tables are found again by their layer's prefix", async () => {
  create({}, "single");
  await settled();
  expect(crawlers()["shop-dev-silver-hudi"]).toMatchObject({
    databaseName: "shop_dev",
    tablePrefix: "silver_",
  });
  expect(crawlers()["shop-dev-bronze"]).not.toHaveProperty("tablePrefix");
});

test("the role belongs to Glue in this account, reads the layers and their key", async () => {
  create({ key: new aws.kms.Key("the-key"), layers: ["silver"] });
  await settled();
  const { assumeRolePolicy } = registeredOf(registered, "iam/role")["shop-dev-crawler"]!;
  expect(JSON.parse(assumeRolePolicy).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "glue.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    },
  ]);
  const { policy } = registeredOf(registered, "iam/rolePolicy")["shop-dev-crawler"]!;
  const found = JSON.parse(policy).Statement.map(({ Sid, Resource }: Record<string, unknown>) => [
    Sid,
    Resource,
  ]);
  expect(found.slice(0, 3)).toEqual([
    ["List", "arn:aws:mock:::the-silver"],
    ["Read", ["arn:aws:mock:::the-silver/*"]],
    ["Decrypt", "arn:aws:mock:::the-key"],
  ]);
});

test("Lake Formation lets the crawlers create and change tables of their layers", async () => {
  create({ layers: ["silver"] });
  await settled();
  const grants = registeredOf(registered, "lakeformation/permissions");
  expect(Object.values(grants).map(({ permissions }) => permissions)).toEqual([
    ["CREATE_TABLE", "DESCRIBE"],
    ["DATA_LOCATION_ACCESS"],
    ["ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT"],
  ]);
});

test("a schedule in another form is refused", () => {
  expect(() => create({ schedule: "0 4 * * *" })).toThrow(
    'schedule: found "0 4 * * *", expected AWS\'s form such as cron(0 4 * * ? *)',
  );
});
