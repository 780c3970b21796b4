import { type ReaderResources, readerStatements } from "../../../model/aws/reader-policy";

const RESOURCES: ReaderResources = {
  partition: "aws",
  dnsSuffix: "amazonaws.com",
  region: "eu-central-1",
  account: "123456789012",
  workgroup: "arn:aws:athena:eu-central-1:123456789012:workgroup/shop-dev-tenant-3",
  databases: ["shop_dev_silver", "shop_dev_gold"],
  results: "arn:aws:s3:::results",
  resultsPrefix: "shop-dev-tenant-3",
  key: "arn:aws:kms:eu-central-1:123456789012:key/k",
};

const statement = (sid: string, resources = RESOURCES) =>
  readerStatements(resources).find(({ Sid }) => Sid === sid);

test("no action is a wildcard, and Lake Formation's alone has no resource", () => {
  const statements = readerStatements(RESOURCES);
  const actions = statements.flatMap(({ Action }) => Action as string | string[]);
  expect(actions.filter((action) => action.includes("*"))).toEqual([]);
  expect(statements.filter(({ Resource }) => Resource === "*")).toEqual([
    {
      Sid: "DataByLakeFormation",
      Effect: "Allow",
      Action: "lakeformation:GetDataAccess",
      Resource: "*",
    },
  ]);
});

test("S3 rights are on the reader's own results alone", () => {
  const s3 = readerStatements(RESOURCES).filter(({ Action }) =>
    [Action].flat().some((action) => String(action).startsWith("s3:")),
  );
  expect(s3.map(({ Resource, Condition }) => [Resource, Condition])).toEqual([
    ["arn:aws:s3:::results", undefined],
    ["arn:aws:s3:::results", { StringLike: { "s3:prefix": "shop-dev-tenant-3/*" } }],
    ["arn:aws:s3:::results/shop-dev-tenant-3/*", undefined],
  ]);
  expect(s3[0]!.Action).toBe("s3:GetBucketLocation");
});

test("the catalog's metadata is that of the reader's databases", () => {
  const glue = "arn:aws:glue:eu-central-1:123456789012";
  expect(statement("ReadCatalog")!.Resource).toEqual([
    `${glue}:catalog`,
    `${glue}:database/shop_dev_silver`,
    `${glue}:table/shop_dev_silver/*`,
    `${glue}:database/shop_dev_gold`,
    `${glue}:table/shop_dev_gold/*`,
  ]);
  expect(statement("Query")!.Resource).toBe(RESOURCES.workgroup);
});

test("the key opens results alone, and only through S3", () => {
  expect(statement("ResultsKey")).toEqual({
    Sid: "ResultsKey",
    Effect: "Allow",
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: RESOURCES.key,
    Condition: {
      StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" },
      StringLike: {
        "kms:EncryptionContext:aws:s3:arn": [
          "arn:aws:s3:::results",
          "arn:aws:s3:::results/shop-dev-tenant-3/*",
        ],
      },
    },
  });
  expect(statement("ResultsKey", { ...RESOURCES, key: undefined })).toBeUndefined();
});
