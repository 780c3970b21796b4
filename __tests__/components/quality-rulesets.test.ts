import { Catalog } from "../../components/catalog";
import { QualityRulesets } from "../../components/quality-rulesets";
import type { DatabaseLayout } from "../../model/aws/names";
import { complete, type QualityRule, references, unique } from "../../model/quality-rules";
import { recordResources, type Registered, settled } from "../pulumi-mocks";
import { bucketsOf, registeredOf, shopWithRules } from "./lake-fixtures";

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

async function create(rules: (string | QualityRule)[], layout: DatabaseLayout = "per-layer") {
  const manifest = shopWithRules(...rules);
  const buckets = bucketsOf("bronze", "silver", "gold");
  const catalog = new Catalog("shop-dev", { manifest, buckets, layout });
  const { rulesets } = new QualityRulesets("shop-dev", { manifest, catalog });
  await settled();
  expect(Object.keys(rulesets).map((name) => `shop-dev-${name}`)).toEqual(
    Object.keys(registeredOf(registered, "glue/dataQualityRuleset")),
  );
  return registeredOf(registered, "glue/dataQualityRuleset");
}

test("a table's rules are on its table of the catalog, by lake, layer and table", async () => {
  expect(await create([complete("email")])).toEqual({
    "shop-dev-silver-orders": {
      name: "shop-dev-silver-orders",
      description: "Rules of silver.orders of lake shop-dev",
      ruleset: 'Rules = [\n    # These warn.\n    IsComplete "email"\n]',
      targetTable: { databaseName: "shop_dev_silver", tableName: "orders" },
    },
  });
});

test("a ruleset that names other tables says where they are, in one database too", async () => {
  const rules = [unique("id"), references("tenant_id", "tenants", "id")];
  const found = await create(rules, "single");
  expect(Object.keys(found)).toEqual([
    "shop-dev-silver-orders",
    "shop-dev-silver-orders-references",
  ]);
  expect(found["shop-dev-silver-orders-references"]).toMatchObject({
    description:
      "Rules of silver.orders of lake shop-dev; its runs need the sources tenants: shop_dev.silver_tenants",
    targetTable: { databaseName: "shop_dev", tableName: "silver_orders" },
  });
});

test("a lake without rules has no rulesets", async () => {
  expect(await create([])).toEqual({});
});
