import { crawlerStatements, crawlerTargets } from "../../../model/aws/crawlers";
import { shopLake } from "../../components/lake-fixtures";

const { manifest } = shopLake();

test("a layer has a crawler per format that its tables are in", () => {
  expect(crawlerTargets(manifest, ["bronze", "silver", "gold"])).toEqual([
    {
      name: "bronze",
      layer: "bronze",
      format: "parquet",
      tables: ["tenants", "orders", "countries"],
    },
    { name: "silver-hudi", layer: "silver", format: "hudi", tables: ["tenants", "orders"] },
    { name: "silver-delta", layer: "silver", format: "delta", tables: ["countries"] },
    { name: "gold-hudi", layer: "gold", format: "hudi", tables: ["revenue"] },
    { name: "gold-delta", layer: "gold", format: "delta", tables: ["calendar"] },
  ]);
});

test("the policy names actions and resources, none of them that write or delete data", () => {
  const statements = crawlerStatements({
    partition: "aws",
    region: "eu-central-1",
    account: "123456789012",
    buckets: ["arn:aws:s3:::silver"],
    databases: ["shop_dev_silver"],
    key: "arn:aws:kms:eu-central-1:123456789012:key/k",
  });
  const actions = statements.flatMap(({ Action }) => Action as string | string[]);
  expect(actions.filter((action) => /\*|s3:(Put|Delete)|:Delete/.test(action))).toEqual([]);
  expect(statements.map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
    ["List", ["arn:aws:s3:::silver"]],
    ["Read", ["arn:aws:s3:::silver/*"]],
    ["Decrypt", "arn:aws:kms:eu-central-1:123456789012:key/k"],
    [
      "Catalog",
      [
        "arn:aws:glue:eu-central-1:123456789012:catalog",
        "arn:aws:glue:eu-central-1:123456789012:database/shop_dev_silver",
        "arn:aws:glue:eu-central-1:123456789012:table/shop_dev_silver/*",
      ],
    ],
    [
      "Log",
      [
        "arn:aws:logs:eu-central-1:123456789012:log-group:/aws-glue/crawlers",
        "arn:aws:logs:eu-central-1:123456789012:log-group:/aws-glue/crawlers:log-stream:*",
      ],
    ],
  ]);
});
