import {
  jobArguments,
  type JobArgumentsSource,
  jobStatements,
  sparkConf,
} from "../../../model/aws/job";
import { foldersOf } from "../../../model/zones";

const SOURCE: JobArgumentsSource = {
  environment: "dev",
  buckets: { bronze: "b", silver: "s", gold: "g", ops: "o" },
  folders: foldersOf(undefined, "per-content"),
  manifest: "s3://c/manifest.json",
  package: "s3://c/lakewright.zip",
  jars: [],
  catalog: {
    silver: { database: "saas_dev_silver", prefix: "" },
    gold: { database: "saas_dev_gold", prefix: "" },
  },
  spark: { "spark.a": "1" },
  logGroupPrefix: "/aws-glue/jobs/saas-dev",
  metrics: "lake",
};

test("a run knows its manifest, its layers, its catalog and Glue's own settings", () => {
  const { "--locations": locations, "--catalog": catalog, ...rest } = jobArguments(SOURCE);
  expect(JSON.parse(locations!)).toEqual({
    bronze: "s3://b",
    files: "s3://b/files",
    silver: "s3://s",
    gold: "s3://g",
    quarantine: "s3://o/quarantine",
    ops: "s3://o/ops",
    changes: "s3://o/changes",
  });
  expect(JSON.parse(catalog!)).toEqual(SOURCE.catalog);
  expect(rest).toEqual({
    "--job-language": "python",
    "--job-bookmark-option": "job-bookmark-disable",
    "--datalake-formats": "hudi,delta",
    "--enable-auto-scaling": "true",
    "--custom-logGroup-prefix": "/aws-glue/jobs/saas-dev",
    "--conf": "spark.a=1",
    "--extra-py-files": "s3://c/lakewright.zip",
    "--manifest": "s3://c/manifest.json",
    "--metrics": "lake",
    "--environment": "dev",
    "--mode": "once",
  });
});

test("own jars come before those of Glue", () => {
  const found = jobArguments({ ...SOURCE, jars: ["s3://c/a.jar", "s3://c/b.jar"] });
  expect(found["--extra-jars"]).toBe("s3://c/a.jar,s3://c/b.jar");
  expect(found["--user-jars-first"]).toBe("true");
});

test("gold that may be older than silver is said to the job", () => {
  expect(jobArguments({ ...SOURCE, goldMinutes: 60 })["--gold-minutes"]).toBe("60");
  expect(jobArguments(SOURCE)).not.toHaveProperty("--gold-minutes");
});

test("a long-lived run is told how long and how often", () => {
  const found = jobArguments({ ...SOURCE, watch: { minutes: 55, everySeconds: 20 } });
  expect([found["--mode"], found["--minutes"], found["--every"]]).toEqual(["watch", "55", "20"]);
});

test("several Spark settings are one value", () => {
  expect(sparkConf({ "spark.a": "1", "spark.b": "x,y", "spark.c": "z" })).toBe(
    "spark.a=1 --conf spark.b=x,y --conf spark.c=z",
  );
});

const RIGHTS = {
  buckets: { bronze: "B", scripts: "C", silver: "S", gold: "G", ops: "O" },
  folders: foldersOf(undefined, "per-content"),
  key: "K",
  logGroups: ["L1", "L2"],
  glue: "arn:aws:glue:us-west-2:123456789012",
  catalog: [
    { database: "saas_dev_silver", prefix: "" },
    { database: "saas_dev_gold", prefix: "g_" },
  ],
  metricsNamespace: "Lakewright/saas/dev",
};

test("bronze and scripts are read alone, tables written, and no object's versions deleted", () => {
  const statements = jobStatements(RIGHTS);
  const who = (action: string) =>
    statements.filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource);
  expect(who("s3:ListBucket")).toEqual(["B", "C", "S", "G", "O"]);
  expect(who("s3:GetObject")).toEqual(["B/*", "C/*", "S/*", "G/*", "O/*"]);
  expect(who("s3:PutObject")).toEqual(["S/*", "G/*", "O/*"]);
  expect(who("s3:DeleteObject")).toEqual(["S/*", "G/*", "O/*"]);
  expect(who("s3:DeleteObjectVersion")).toEqual([]);
  expect(who("kms:GenerateDataKey")).toEqual(["K"]);
  expect(who("logs:PutLogEvents")).toEqual(["L1", "L1:*", "L2", "L2:*"]);
});

test("where contents share a bucket, the job's rights are on their folders alone", () => {
  const zones = { database: "raw/database", files: "raw/csv", silver: "curated/{format}" };
  const folders = foldersOf(zones, "one");
  const buckets = { bronze: "D", silver: "D", gold: "D", ops: "D" };
  const { "--locations": locations } = jobArguments({ ...SOURCE, buckets, folders });
  expect(JSON.parse(locations!)).toEqual({
    bronze: "s3://D/raw/database",
    files: "s3://D/raw/csv",
    silver: "s3://D/curated/{format}",
    gold: "s3://D/gold",
    quarantine: "s3://D/ops/quarantine",
    ops: "s3://D/ops/ops",
    changes: "s3://D/ops/changes",
  });
  const rights = { ...RIGHTS, buckets: { ...buckets, scripts: "C" }, folders };
  const found = Object.fromEntries(jobStatements(rights).map((each) => [each.Sid, each]));
  expect(found.ListBuckets!.Resource).toBe("C");
  expect(found.ListBucketsShared).toMatchObject({ Action: "s3:GetBucketLocation", Resource: "D" });
  expect(found.ListBucketsFolders).toMatchObject({
    Action: "s3:ListBucket",
    Resource: "D",
    Condition: {
      StringLike: {
        "s3:prefix": [
          ...["raw", "raw/", "raw/database", "raw/database/*", "raw/csv", "raw/csv/*"],
          ...["curated", "curated/*", "gold", "gold/*", "ops", "ops/*"],
        ],
      },
    },
  });
  // Beside the objects, what is asked of the folders themselves.
  const itself = (path: string) => [`D/${path}`, `D/${path}_$folder$`];
  expect(found.ReadBronzeAndScripts!.Resource).toEqual([
    ...["D/raw/database/*", "D/raw/csv/*", "C/*"],
    ...["raw", "raw/database", "raw/csv"].flatMap(itself),
  ]);
  expect(found.WriteTables!.Resource).toEqual([
    ...["D/curated/*", "D/gold/*", "D/ops/*"],
    ...["curated", "gold", "ops"].flatMap(itself),
  ]);
});

test("the catalog's rights are on the lake's own databases and tables", () => {
  const catalog = jobStatements(RIGHTS).find(({ Sid }) => Sid === "KeepCatalogUp")!;
  const glue = "arn:aws:glue:us-west-2:123456789012";
  expect(catalog.Resource).toEqual([
    `${glue}:catalog`,
    `${glue}:database/saas_dev_silver`,
    `${glue}:database/saas_dev_gold`,
    `${glue}:table/saas_dev_silver/*`,
    `${glue}:table/saas_dev_gold/g_*`,
  ]);
});

test("only the metrics are without a resource, and limited by their namespace", () => {
  const statements = jobStatements({ ...RIGHTS, key: undefined });
  const anywhere = statements.filter(({ Resource }) => Resource === "*");
  expect(anywhere).toEqual([
    {
      Sid: "SendMetrics",
      Effect: "Allow",
      Action: ["cloudwatch:PutMetricData"],
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": "Lakewright/saas/dev" } },
    },
  ]);
  expect(statements.flatMap(({ Action }) => Action).filter((one) => one.includes("*"))).toEqual([]);
  expect(statements.some(({ Sid }) => Sid === "UseKey")).toBe(false);
});
