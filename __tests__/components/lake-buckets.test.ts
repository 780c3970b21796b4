import { LakeBuckets } from "../../components/lake-buckets";
import { recordResources, type Registered, settled } from "../pulumi-mocks";

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

function inputsOf(type: string): Record<string, unknown>[] {
  return registered.filter((resource) => resource.type === type).map(({ inputs }) => inputs);
}

test("every bucket of a lake is private, versioned and encrypted with the lake's key", async () => {
  new LakeBuckets("saas-dev");
  await settled();
  const buckets = registered.filter(({ type }) => type === "aws:s3/bucket:Bucket");
  const names = ["bronze", "gold", "logs", "ops", "results", "scripts", "silver"];
  expect(buckets.map(({ name }) => name).sort()).toEqual(names.map((name) => `saas-dev-${name}`));
  expect(buckets.map(({ inputs }) => inputs.forceDestroy)).toEqual(names.map(() => false));
  expect(inputsOf("aws:s3/bucketVersioning:BucketVersioning")).toHaveLength(names.length);
  const open = inputsOf("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").sort((a, b) =>
    String(a.bucket).localeCompare(String(b.bucket)),
  );
  expect(open).toEqual(
    names.map((name) => ({
      bucket: `saas-dev-${name}-id`,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    })),
  );
  const key = "arn:aws:mock:::saas-dev-key";
  expect(encryption()).toEqual(
    Object.fromEntries(names.map((name) => [name, name === "logs" ? "AES256" : key])),
  );
});

test("Amazon S3's own keys are used where the lake is to have none", async () => {
  const { key } = new LakeBuckets("saas-dev", { encryption: "s3", accessLogs: false });
  await settled();
  expect(key).toBeUndefined();
  expect(registered.filter(({ type }) => type.startsWith("aws:kms/"))).toEqual([]);
  expect(new Set(Object.values(encryption()))).toEqual(new Set(["AES256"]));
});

test("access is logged into a bucket of its own, unless it is not wanted", async () => {
  new LakeBuckets("a");
  new LakeBuckets("b", { accessLogs: false });
  await settled();
  const logging = inputsOf("aws:s3/bucketLogging:BucketLogging");
  expect(logging.map(({ bucket, targetBucket }) => [bucket, targetBucket])).toEqual(
    ["bronze", "silver", "gold", "ops", "scripts", "results"].map((name) => [
      `a-${name}-id`,
      "a-logs-id",
    ]),
  );
  const policy = inputsOf("aws:s3/bucketPolicy:BucketPolicy").find(
    ({ bucket }) => bucket === "a-logs-id",
  );
  expect(JSON.parse(policy!.policy as string).Statement).toContainEqual({
    Sid: "AccessLogs",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: "arn:aws:mock:::a-logs/*",
    Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
  });
});

test("a bucket refuses everything that is not TLS 1.2 or newer", async () => {
  new LakeBuckets("saas-dev");
  await settled();
  const bronze = inputsOf("aws:s3/bucketPolicy:BucketPolicy").find(
    ({ bucket }) => bucket === "saas-dev-bronze-id",
  );
  const { Statement } = JSON.parse(bronze!.policy as string);
  expect(
    Statement.map(({ Effect, Condition, Resource }: Record<string, unknown>) => ({
      Effect,
      Condition,
      Resource,
    })),
  ).toEqual(
    [
      { Bool: { "aws:SecureTransport": "false" } },
      { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    ].map((Condition) => ({
      Effect: "Deny",
      Condition,
      Resource: ["arn:aws:mock:::saas-dev-bronze", "arn:aws:mock:::saas-dev-bronze/*"],
    })),
  );
});

test("the data of one bucket is in folders, each with a lifecycle of its own", async () => {
  const zones = { database: "raw/database", silver: "curated/{format}" };
  const { buckets, distinct, folders } = new LakeBuckets("a", {
    buckets: "one",
    zones,
    oldVersionDays: { bronze: 90, gold: 3 },
  });
  await settled();
  expect([buckets.bronze, buckets.silver, buckets.gold, buckets.ops]).toEqual(
    Array.from({ length: 4 }, () => distinct.data),
  );
  expect(Object.keys(distinct)).toEqual(["data", "scripts", "results"]);
  expect(folders).toMatchObject({ bronze: "raw/database", silver: "curated/{format}", ops: "ops" });
  expect(
    lifecycle("a-data")
      .filter(({ id }) => id.startsWith("old-versions"))
      .map(({ filter, noncurrentVersionExpiration }) => [
        filter.prefix,
        noncurrentVersionExpiration.noncurrentDays,
      ]),
  ).toEqual([
    ["", 90],
    ["raw/database/", 90],
    ["files/", 90],
    ["curated/", 7],
    ["gold/", 3],
    ["ops/", 30],
  ]);
  const logging = inputsOf("aws:s3/bucketLogging:BucketLogging");
  expect(logging.map(({ targetPrefix }) => targetPrefix)).toEqual([
    "data/",
    "scripts/",
    "results/",
  ]);
});

test("zones are folders in a bucket for each content too", async () => {
  const { folders } = new LakeBuckets("a", { zones: { silver: "curated/{format}" } });
  await settled();
  expect(folders).toEqual({
    bronze: "",
    files: "files",
    silver: "curated/{format}",
    gold: "",
    ops: "",
  });
  expect(lifecycle("a-silver").map(({ filter }) => filter)).toEqual([{ prefix: "" }]);
});

test("objects move and go as the settings say", async () => {
  new LakeBuckets("a", {
    resultDays: 2,
    logDays: 9,
    bronzeTransitions: { glacierInstantDays: 60 },
  });
  new LakeBuckets("b");
  await settled();
  const facts = (lake: string) => ({
    results: lifecycle(`${lake}-results`)[1].expiration,
    logs: lifecycle(`${lake}-logs`)[1].expiration,
    bronze: lifecycle(`${lake}-bronze`)[1].transitions,
    silver: lifecycle(`${lake}-silver`).length,
  });
  expect(facts("a")).toEqual({
    results: { days: 2 },
    logs: { days: 9 },
    bronze: [{ storageClass: "GLACIER_IR", days: 60 }],
    silver: 1,
  });
  expect(facts("b")).toEqual({
    results: { days: 7 },
    logs: { days: 90 },
    bronze: [
      { storageClass: "STANDARD_IA", days: 30 },
      { storageClass: "GLACIER_IR", days: 90 },
    ],
    silver: 1,
  });
});

test("replaced versions are deleted after days of each bucket, and delete markers that hide nothing", async () => {
  new LakeBuckets("a");
  new LakeBuckets("b", { oldVersionDays: 3 });
  new LakeBuckets("c", { oldVersionDays: { silver: 1, ops: 90 } });
  await settled();
  const oldVersions = (lake: string) =>
    Object.fromEntries(
      ["bronze", "silver", "gold", "ops", "scripts", "results", "logs"].map((content) => {
        const [{ id, noncurrentVersionExpiration, expiration }] = lifecycle(`${lake}-${content}`);
        expect(id).toBe("old-versions");
        // S3 takes no days beside it in one rule; expiry by days removes delete markers itself.
        const expires = content === "results" || content === "logs";
        expect(expiration).toEqual(expires ? undefined : { expiredObjectDeleteMarker: true });
        return [content, noncurrentVersionExpiration.noncurrentDays];
      }),
    );
  const always = { results: 1, logs: 1 };
  const usual = { bronze: 30, silver: 7, gold: 7, ops: 30, scripts: 30, ...always };
  expect(oldVersions("a")).toEqual(usual);
  expect(oldVersions("b")).toEqual({
    ...{ bronze: 3, silver: 3, gold: 3, ops: 3, scripts: 3 },
    ...always,
  });
  expect(oldVersions("c")).toEqual({ ...usual, silver: 1, ops: 90 });
});

/** The rules for a bucket's objects. */
function lifecycle(bucket: string): Registered["inputs"][] {
  const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
  return registered.find((one) => one.type === type && one.name === bucket)!.inputs.rules;
}

/** What each bucket is encrypted with, by what it holds. */
function encryption(): Record<string, string> {
  const type =
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
  return Object.fromEntries(
    inputsOf(type).map(({ bucket, rules }) => {
      const [rule] = rules as { applyServerSideEncryptionByDefault: Record<string, string> }[];
      const { kmsMasterKeyId, sseAlgorithm } = rule!.applyServerSideEncryptionByDefault;
      return [
        (bucket as string).replace(/^.*-([a-z]+)-id$/, "$1"),
        kmsMasterKeyId ?? sseAlgorithm!,
      ];
    }),
  );
}
