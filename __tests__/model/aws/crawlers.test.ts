import { crawlerStatements, crawlerTargets } from "../../../model/aws/crawlers";
import { foldersOf } from "../../../model/zones";
import { shopLake } from "../../components/lake-fixtures";

const { manifest } = shopLake();

test("a layer has a crawler per format that its tables are in", () => {
  const folders = foldersOf({ silver: "curated/{format}" }, "per-content");
  const target = (layer: string, format: string, tables: string[], folder = "") => ({
    name: layer === "bronze" ? layer : `${layer}-${format}`,
    layer,
    format,
    tables,
    folders: layer === "bronze" ? [] : tables.map((table) => `${folder}${table}`),
  });
  expect(crawlerTargets(manifest, ["bronze", "silver", "gold"], folders)).toEqual([
    target("bronze", "parquet", ["tenants", "orders", "countries"]),
    target("silver", "hudi", ["tenants", "orders"], "curated/hudi/"),
    target("silver", "delta", ["countries"], "curated/delta/"),
    target("gold", "hudi", ["revenue"]),
    target("gold", "delta", ["calendar"]),
  ]);
});

test("the policy names actions and resources, none of them that write or delete data", () => {
  const statements = crawlerStatements({
    partition: "aws",
    region: "eu-central-1",
    account: "123456789012",
    places: [{ bucket: "arn:aws:s3:::silver", folder: "" }],
    databases: ["shop_dev_silver"],
    key: "arn:aws:kms:eu-central-1:123456789012:key/k",
  });
  const actions = statements.flatMap(({ Action }) => Action as string | string[]);
  expect(actions.filter((action) => /\*|s3:(Put|Delete)|:Delete/.test(action))).toEqual([]);
  expect(statements.map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
    ["List", "arn:aws:s3:::silver"],
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
