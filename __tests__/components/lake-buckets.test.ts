import { LakeBuckets } from "../../components/lake-buckets";
import { recordResources, type Registered, settled } from "../pulumi-mocks";

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

function inputsOf(type: string): Record<string, unknown>[] {
  return registered.filter((resource) => resource.type === type).map(({ inputs }) => inputs);
}

test("a lake has one private, versioned, encrypted bucket a layer", async () => {
  new LakeBuckets("saas-dev");
  await settled();
  const buckets = registered.filter(({ type }) => type === "aws:s3/bucket:Bucket");
  expect(buckets.map(({ name }) => name).sort()).toEqual([
    "saas-dev-bronze",
    "saas-dev-gold",
    "saas-dev-silver",
  ]);
  expect(buckets.map(({ inputs }) => inputs.forceDestroy)).toEqual([false, false, false]);
  expect(inputsOf("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).toContainEqual({
    bucket: "saas-dev-bronze-id",
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  expect(inputsOf("aws:s3/bucketVersioning:BucketVersioning")).toHaveLength(3);
  for (const { rules } of inputsOf(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  )) {
    expect(rules).toEqual([
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: "arn:aws:mock:::saas-dev-key",
        },
        bucketKeyEnabled: true,
      },
    ]);
  }
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

test("replaced versions are deleted after the days given, 30 by default", async () => {
  new LakeBuckets("a", { oldVersionDays: 3, destroyable: true });
  new LakeBuckets("b");
  await settled();
  const days = registered
    .filter(({ type }) => type.endsWith(":BucketLifecycleConfiguration"))
    .map(({ name, inputs }) => [name, inputs.rules[0].noncurrentVersionExpiration.noncurrentDays]);
  expect(new Map(days as [string, number][])).toEqual(
    new Map([
      ["a-bronze", 3],
      ["a-silver", 3],
      ["a-gold", 3],
      ["b-bronze", 30],
      ["b-silver", 30],
      ["b-gold", 30],
    ]),
  );
});
