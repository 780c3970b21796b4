import * as aws from "@pulumi/aws";

import { Audit } from "../../components/audit";
import { recordResources, type Registered, settled } from "../pulumi-mocks";

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

const TRAIL_ARN = "arn:aws:cloudtrail:eu-central-1:123456789012:trail/dev";
const of = (type: string) => registered.filter((resource) => resource.type === type);
const trail = () => of("aws:cloudtrail/trail:Trail")[0]!.inputs;
const buckets = () => ["saas-dev-bronze", "saas-dev-gold"].map((name) => new aws.s3.Bucket(name));

test("management calls and every access to the lakes' objects are recorded", async () => {
  new Audit("dev", { buckets: buckets() });
  await settled();
  expect(trail()).toEqual({
    name: "dev",
    s3BucketName: "dev-audit",
    kmsKeyId: "arn:aws:mock:::dev-audit-key",
    enableLogFileValidation: true,
    isMultiRegionTrail: true,
    includeGlobalServiceEvents: true,
    advancedEventSelectors: [
      {
        name: "Management",
        fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }],
      },
      {
        name: "Objects of the lakes",
        fieldSelectors: [
          { field: "eventCategory", equals: ["Data"] },
          { field: "resources.type", equals: ["AWS::S3::Object"] },
          {
            field: "resources.ARN",
            startsWiths: ["arn:aws:mock:::saas-dev-bronze/", "arn:aws:mock:::saas-dev-gold/"],
          },
        ],
      },
    ],
  });
});

test("writes alone, or no management calls, are recorded where that is wanted", async () => {
  new Audit("dev", { buckets: buckets(), managementEvents: false, dataEvents: "write" });
  await settled();
  const { advancedEventSelectors, isMultiRegionTrail } = trail();
  expect(isMultiRegionTrail).toBe(false);
  expect(advancedEventSelectors).toHaveLength(1);
  expect(advancedEventSelectors[0].fieldSelectors).toContainEqual({
    field: "readOnly",
    equals: ["false"],
  });
});

test("without buckets management calls alone are recorded", async () => {
  new Audit("dev", { buckets: [] });
  await settled();
  expect(trail().advancedEventSelectors.map(({ name }: { name: string }) => name)).toEqual([
    "Management",
  ]);
});

test("a trail that would record nothing is refused", async () => {
  expect(() => new Audit("dev", { buckets: [], managementEvents: false })).toThrow(
    'audit "dev" would record nothing: set managementEvents to true',
  );
  await settled();
});

test("only the trail itself may write into the bucket and use the key", async () => {
  new Audit("dev", { buckets: [] });
  await settled();
  const bucketPolicy = JSON.parse(of("aws:s3/bucketPolicy:BucketPolicy")[0]!.inputs.policy);
  expect(bucketPolicy.Statement.slice(2)).toEqual([
    {
      Sid: "TrailChecksBucket",
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:GetBucketAcl",
      Resource: "arn:aws:mock:::dev-audit",
      Condition: { StringEquals: { "aws:SourceArn": TRAIL_ARN } },
    },
    {
      Sid: "TrailWritesLogs",
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: "arn:aws:mock:::dev-audit/AWSLogs/123456789012/*",
      Condition: {
        StringEquals: {
          "aws:SourceArn": TRAIL_ARN,
          "s3:x-amz-acl": "bucket-owner-full-control",
        },
      },
    },
  ]);
  const [account, ...service] = JSON.parse(of("aws:kms/key:Key")[0]!.inputs.policy).Statement;
  expect(account.Principal).toEqual({ AWS: "arn:aws:iam::123456789012:root" });
  expect(
    service.map(({ Action, Condition }: Record<string, unknown>) => ({ Action, Condition })),
  ).toEqual([
    {
      Action: ["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
      Condition: {
        StringEquals: { "aws:SourceArn": TRAIL_ARN },
        StringLike: {
          "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:123456789012:trail/dev",
        },
      },
    },
    {
      Action: ["kms:Decrypt", "kms:DescribeKey"],
      Condition: { StringEquals: { "aws:SourceArn": TRAIL_ARN } },
    },
  ]);
});

test("log files are kept for a year, or as long as the settings say, and safe from destruction", async () => {
  new Audit("a", { buckets: [] });
  new Audit("b", { buckets: [], logDays: 30, destroyable: true });
  await settled();
  const lifecycles = of("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
  expect(lifecycles.map(({ inputs }) => inputs.rules[1].expiration)).toEqual([
    { days: 365 },
    { days: 30 },
  ]);
  expect(of("aws:s3/bucket:Bucket").map(({ inputs }) => inputs.forceDestroy)).toEqual([
    false,
    true,
  ]);
  expect(of("aws:kms/key:Key").map(({ inputs }) => inputs.deletionWindowInDays)).toEqual([30, 7]);
});

test("with a trail that exists already nothing is made", async () => {
  const audit = new Audit("dev", { buckets: [], existingTrailArn: TRAIL_ARN });
  const trailArn = await new Promise((resolve) => audit.trailArn.apply(resolve));
  await settled();
  expect(trailArn).toBe(TRAIL_ARN);
  expect(registered.filter(({ type }) => type.startsWith("aws:"))).toEqual([]);
});
