import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { LakeBuckets } from "../../components/lake-buckets";
import {
  BUCKET,
  type BucketPart,
  incompleteBuckets,
  recordedPart,
} from "../../policy/bucket-rules";
import { type RuleContext, violations } from "../../policy/rule";
import { RULES } from "../../policy/rules";
import { TAGGABLE } from "../../policy/tag-rules";
import { recordResources, settled } from "../pulumi-mocks";

type Inputs = Record<string, unknown>;

/** A resource that a rule is shown, and the stack that it is in. */
interface Example {
  readonly type: string;
  readonly inputs: Inputs;
  readonly protect?: boolean;
  readonly context?: Partial<RuleContext>;
  /** What the rule says: part of its only sentence; absent where it has nothing to say. */
  readonly says?: RegExp;
}

const policy = (...Statement: Inputs[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (parts: Inputs) => ({ Sid: "Example", Effect: "Allow", ...parts });

const ENCRYPTION =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const encryption = (sseAlgorithm: string, bucketKeyEnabled?: boolean) => ({
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm }, bucketKeyEnabled }],
});
const blocked = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const refusal = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const root = { AWS: "arn:aws:iam::123456789012:root" };

const bucketPolicy = (...statements: Inputs[]) => ({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  inputs: { policy: policy(...statements) },
});
const rolePolicy = (statement: Inputs) => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  inputs: { policy: policy(allow(statement)) },
});
const topicPolicy = (statement: Inputs) => ({
  type: "aws:sns/topicPolicy:TopicPolicy",
  inputs: { policy: policy(allow({ Action: "sns:Publish", Resource: "*", ...statement })) },
});
const keyPolicy = (statement: Inputs) => ({
  type: "aws:kms/key:Key",
  inputs: { policy: policy(allow({ Resource: "*", ...statement })) },
});
const of = (type: string) => (inputs: Inputs, says?: RegExp) => ({ type, inputs, says });
const database = of("aws:rds/instance:Instance");
const instance = of("aws:dms/replicationInstance:ReplicationInstance");
const endpoint = of("aws:dms/endpoint:Endpoint");
const s3Endpoint = of("aws:dms/s3Endpoint:S3Endpoint");
const prod = { context: { stack: "prod" } };

/** By rule: what it lets pass, and what it does not. */
const EXAMPLES: Record<string, Example[]> = {
  "bucket-encrypted": [
    { type: ENCRYPTION, inputs: encryption("AES256") },
    { type: ENCRYPTION, inputs: encryption("aws:kms", true) },
    { type: ENCRYPTION, inputs: encryption("aws:kms", false), says: /^bucketKeyEnabled/ },
    { type: ENCRYPTION, inputs: { rules: [{}] }, says: /no algorithm/ },
    { type: ENCRYPTION, inputs: {}, says: /no rule/ },
  ],
  "bucket-private": [
    { type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", inputs: blocked },
    {
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      inputs: { ...blocked, restrictPublicBuckets: undefined },
      says: /^restrictPublicBuckets is not true/,
    },
  ],
  "bucket-versioned": [
    {
      type: "aws:s3/bucketVersioning:BucketVersioning",
      inputs: { versioningConfiguration: { status: "Enabled" } },
    },
    {
      type: "aws:s3/bucketVersioning:BucketVersioning",
      inputs: { versioningConfiguration: { status: "Suspended" } },
      says: /not Enabled/,
    },
  ],
  "bucket-tls": [
    bucketPolicy(refusal),
    { ...bucketPolicy(), says: /SecureTransport/ },
    { ...bucketPolicy({ ...refusal, Effect: "Allow" }), says: /SecureTransport/ },
    { ...bucketPolicy({ ...refusal, Resource: "arn:aws:s3:::lake/*" }), says: /its objects/ },
    {
      ...bucketPolicy({ ...refusal, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      says: /SecureTransport/,
    },
    // Any further condition would let plain HTTP through where it does not hold.
    {
      ...bucketPolicy({
        ...refusal,
        Condition: { ...refusal.Condition, StringEquals: { "aws:SourceAccount": "1" } },
      }),
      says: /SecureTransport/,
    },
  ],
  "iam-actions": [
    rolePolicy({ Action: "s3:GetObject", Resource: "arn:aws:s3:::lake/*" }),
    { ...rolePolicy({ Action: ["s3:Get*", "s3:PutObject"] }), says: /allows s3:Get\*: name/ },
    { ...rolePolicy({ Action: "*" }), says: /allows \*: name/ },
    { ...rolePolicy({ NotAction: "iam:PassRole" }), says: /NotAction/ },
    { ...topicPolicy({ Action: "sns:*" }), says: /sns:\*/ },
    keyPolicy({ Action: "kms:*", Principal: root }),
    { ...keyPolicy({ Action: "kms:*", Principal: { Service: "s3.amazonaws.com" } }), says: /kms/ },
    { ...keyPolicy({ Action: "kms:*" }), says: /kms/ },
    {
      type: "aws:iam/role:Role",
      inputs: { inlinePolicies: [{ policy: policy(allow({ Action: "glue:*" })) }] },
      says: /glue:\*/,
    },
    // What is denied may be denied altogether.
    rolePolicy({ Effect: "Deny", Action: "*", Resource: "*" }),
  ],
  "iam-resources": [
    rolePolicy({ Action: "glue:GetTable", Resource: ["arn:aws:glue:eu-west-1:1:table/lake/*"] }),
    rolePolicy({ Action: ["lakeformation:GetDataAccess", "logs:GetLogDelivery"], Resource: "*" }),
    {
      ...rolePolicy({ Action: ["lakeformation:GetDataAccess", "s3:GetObject"], Resource: ["*"] }),
      says: /allows s3:GetObject on every resource/,
    },
    { ...rolePolicy({ Action: "s3:GetObject", Resource: "arn:aws:s3:::*" }), says: /every/ },
    { ...rolePolicy({ Action: "s3:GetObject", NotResource: "x" }), says: /NotResource/ },
    rolePolicy({
      Action: "ec2:DeleteVpc",
      Resource: "*",
      Condition: { StringEquals: { "aws:ResourceTag/project": "lakewright" } },
    }),
    {
      ...rolePolicy({
        Action: "ec2:DeleteVpc",
        Resource: "*",
        Condition: { StringLike: { "aws:ResourceTag/project": "*" } },
      }),
      says: /ec2:DeleteVpc on every resource/,
    },
  ],
  "iam-principals": [
    topicPolicy({ Principal: { Service: "events.amazonaws.com" } }),
    topicPolicy({ Principal: "*", Condition: { StringEquals: { "aws:SourceAccount": "1" } } }),
    { ...topicPolicy({ Principal: { AWS: "*" } }), says: /allows everybody/ },
    {
      ...topicPolicy({ Principal: "*", Condition: { StringLike: { "aws:SourceArn": "*" } } }),
      says: /allows everybody/,
    },
    {
      ...topicPolicy({
        Principal: "*",
        Condition: { StringNotEquals: { "aws:SourceAccount": "1" } },
      }),
      says: /allows everybody/,
    },
    { ...topicPolicy({ NotPrincipal: root }), says: /NotPrincipal/ },
    {
      type: "aws:iam/role:Role",
      inputs: { assumeRolePolicy: policy(allow({ Action: "sts:AssumeRole", Principal: "*" })) },
      says: /allows everybody/,
    },
  ],
  "iam-managed": [
    {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      inputs: { policyArn: "arn:aws:iam::aws:policy/service-role/AmazonDMSVPCManagementRole" },
    },
    {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      inputs: { policyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" },
      says: /AmazonS3FullAccess/,
    },
    {
      type: "aws:iam/role:Role",
      inputs: { managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
      says: /AdministratorAccess/,
    },
  ],
  "key-rotation": [
    of("aws:kms/key:Key")({ enableKeyRotation: true }),
    of("aws:kms/key:Key")({ customerMasterKeySpec: "RSA_4096" }),
    of("aws:kms/key:Key")({}, /enableKeyRotation/),
  ],
  "log-retention": [
    of("aws:cloudwatch/logGroup:LogGroup")({ retentionInDays: 30 }),
    of("aws:cloudwatch/logGroup:LogGroup")({}, /retentionInDays/),
    // In AWS's words 0 is for ever.
    of("aws:cloudwatch/logGroup:LogGroup")({ retentionInDays: 0 }, /retentionInDays/),
  ],
  "topic-encrypted": [
    of("aws:sns/topic:Topic")({ kmsMasterKeyId: "alias/lake" }),
    of("aws:sns/topic:Topic")({}, /kmsMasterKeyId/),
  ],
  "queue-encrypted": [
    of("aws:sqs/queue:Queue")({ sqsManagedSseEnabled: true }),
    of("aws:sqs/queue:Queue")({ kmsMasterKeyId: "alias/lake" }),
    of("aws:sqs/queue:Queue")({ sqsManagedSseEnabled: false }, /sqsManagedSseEnabled/),
  ],
  "database-encrypted": [database({ storageEncrypted: true }), database({}, /storageEncrypted/)],
  "database-private": [
    database({}),
    database({ publiclyAccessible: false }),
    database({ publiclyAccessible: true }, /publiclyAccessible/),
  ],
  "replication-private": [
    instance({ publiclyAccessible: false }),
    instance({}, /publiclyAccessible/),
    instance({ publiclyAccessible: true }, /publiclyAccessible/),
  ],
  "replication-encrypted": [
    instance({}),
    endpoint({ engineName: "postgres", sslMode: "verify-full" }),
    endpoint({ engineName: "postgres", sslMode: "none" }, /sslMode/),
    endpoint({ engineName: "postgres" }, /sslMode/),
    s3Endpoint({ encryptionMode: "SSE_S3" }),
    s3Endpoint({ encryptionMode: "SSE_KMS", serverSideEncryptionKmsKeyId: "arn" }),
    s3Endpoint({ encryptionMode: "SSE_KMS" }, /serverSideEncryptionKmsKeyId/),
    s3Endpoint({}, /neither/),
  ],
  "transfer-keeps": [
    of("aws:datasync/task:Task")({ options: { verifyMode: "ONLY_FILES_TRANSFERRED" } }),
    // Left out, DataSync verifies everything and preserves.
    of("aws:datasync/task:Task")({}),
    of("aws:datasync/task:Task")({ options: { verifyMode: "NONE" } }, /^verifyMode is NONE$/),
    of("aws:datasync/task:Task")(
      { options: { preserveDeletedFiles: "REMOVE" } },
      /^preserveDeletedFiles is REMOVE$/,
    ),
  ],
  "prod-protected": [
    { type: BUCKET, inputs: {}, protect: true, ...prod },
    { type: BUCKET, inputs: { forceDestroy: true }, protect: false },
    { type: BUCKET, inputs: {}, protect: false, ...prod, says: /not protected/ },
    { type: BUCKET, inputs: {}, protect: false, context: { stack: "prod-eu" }, says: /protected/ },
    { type: BUCKET, inputs: { forceDestroy: true }, protect: true, ...prod, says: /forceDestroy/ },
    { type: "aws:kms/key:Key", inputs: {}, protect: false, ...prod, says: /not protected/ },
    { ...database({ deletionProtection: true }), protect: true, ...prod },
    { ...database({}), protect: true, ...prod, says: /deletionProtection/ },
    {
      ...database({ deletionProtection: true, skipFinalSnapshot: true }),
      protect: true,
      ...prod,
      says: /skipFinalSnapshot/,
    },
  ],
  tags: [
    { type: BUCKET, inputs: { tags: { project: "lakewright", environment: "dev" } } },
    {
      type: BUCKET,
      inputs: { tags: { environment: "dev" } },
      context: { defaultTags: { project: "lakewright" } },
    },
    { type: BUCKET, inputs: { tagsAll: { project: "lakewright", environment: "dev" } } },
    { type: BUCKET, inputs: { tags: { project: "lakewright" } }, says: /environment is missing/ },
  ],
};

test("every rule is shown what it lets pass and what it does not", () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual(RULES.map(({ name }) => name).sort());
  for (const examples of Object.values(EXAMPLES)) {
    expect(examples.some(({ says }) => says)).toBe(true);
    expect(examples.some(({ says }) => !says)).toBe(true);
  }
});

describe.each(RULES)("$name", ({ name, types, check }) => {
  test.each(EXAMPLES[name]!.map((example) => [title(example), example] as const))(
    "%s",
    (_, { type, inputs, protect, context, says }) => {
      expect(types).toContain(type);
      const said = check({ type, name: "example", inputs, protect }, { stack: "dev", ...context });
      if (!says) return expect(said).toEqual([]);
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(says);
    },
  );
});

/** `lets pass Role {…}`, or `says /everybody/ of Role {…}`. */
function title({ type, inputs, context, says }: Example): string {
  const shown = JSON.stringify({ ...inputs, ...context }).replace(/\\"/g, "'");
  return `${says ? `says ${says} of` : "lets pass"} ${type.split(":")[2]} ${shown}`;
}

test("a resource is judged by the rules about its type alone, each violation with its rule", () => {
  const queue = { type: "aws:sqs/queue:Queue", name: "arrivals", inputs: {} };
  expect(violations(RULES, queue, { stack: "prod" })).toEqual([
    "queue-encrypted: neither kmsMasterKeyId nor sqsManagedSseEnabled is set",
    "tags: the tag project is missing",
    "tags: the tag environment is missing",
  ]);
});

test("a rule with a setting lets pass what it allows, and no other rule does", () => {
  const names = RULES.map(({ name }) => name);
  const tags = { project: "lakewright", environment: "dev" };
  const open = {
    type: "aws:rds/instance:Instance",
    name: "trial",
    inputs: { publiclyAccessible: true, storageEncrypted: false, tags },
  };
  const rulesBroken = (allowed?: readonly string[]) =>
    violations(RULES, open, { stack: "dev", allowed }).map((problem) => problem.split(":")[0]);
  expect(rulesBroken()).toEqual(["database-encrypted", "database-private"]);
  expect(rulesBroken(names)).toEqual(["database-encrypted"]);
});

test("the file for dev sets rules that have the setting", () => {
  const file = join(__dirname, "../../policy/dev.json");
  const settings = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const allowable = RULES.filter(({ isAllowable }) => isAllowable).map(({ name }) => name);
  expect(Object.keys(settings).sort()).toEqual(allowable.sort());
  for (const setting of Object.values(settings)) expect(setting).toEqual({ allowed: true });
});

test("a bucket without encryption, access block, versioning or policy is incomplete", () => {
  const lacking = (companions: readonly string[]) => {
    const parts: BucketPart[] = [
      { type: BUCKET, id: "urn:lake" },
      ...companions.map((type) => ({ type, id: `urn:${type}`, bucket: "urn:lake" })),
    ];
    return incompleteBuckets(parts)["urn:lake"] ?? [];
  };
  const companions = [
    ENCRYPTION,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketPolicy:BucketPolicy",
  ];
  expect(lacking(companions)).toEqual([]);
  expect(lacking([])).toHaveLength(companions.length);
  for (const one of companions) {
    expect(lacking(companions.filter((each) => each !== one))).toHaveLength(1);
  }
  const others = [{ type: ENCRYPTION, id: "e", bucket: "urn:other" }];
  expect(incompleteBuckets([{ type: BUCKET, id: "urn:lake" }, ...others])["urn:lake"]).toHaveLength(
    4,
  );
});

test.each(["kms", "s3"] as const)("LakeBuckets with %s keys breaks no rule", async (encryption) => {
  const registered = recordResources();
  new LakeBuckets("saas-prod", { encryption });
  await settled();
  expect(registered.length).toBeGreaterThan(40);
  const defaultTags = { project: "lakewright", environment: "prod" };
  const context = { stack: "prod", defaultTags };
  expect(registered.flatMap((each) => violations(RULES, each, context))).toEqual([]);
  expect(incompleteBuckets(registered.map(recordedPart))).toEqual({});
});

test("every type that a rule is about exists, and takes tags where they are asked for", () => {
  const taggable: readonly string[] = TAGGABLE;
  for (const type of new Set(RULES.flatMap(({ types }) => types))) {
    const declaration = declarationOf(type);
    expect(declaration).toContain(`readonly `);
    if (taggable.includes(type)) expect(declaration).toContain("tags?:");
  }
});

/** The declaration of a resource type in the AWS provider's SDK. */
function declarationOf(type: string): string {
  const [, module, name] = /^aws:(\w+)\/\w+:(\w+)$/.exec(type)!;
  const folder = join(__dirname, "../../node_modules/@pulumi/aws", module!);
  const file = [name![0]!.toLowerCase() + name!.slice(1), name!.toLowerCase()]
    .map((base) => join(folder, `${base}.d.ts`))
    .find(existsSync)!;
  expect(readFileSync(file.replace(/\.d\.ts$/, ".js"), "utf8")).toContain(`'${type}'`);
  return readFileSync(file, "utf8");
}
