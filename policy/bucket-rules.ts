import { type PolicyResource, type Rule, unless } from "./rule";
import { type PolicyStatement, statementsOf } from "./statements";

export const BUCKET = "aws:s3/bucket:Bucket";

const ENCRYPTION =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const PUBLIC_ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";

/** Resources that each bucket must have, by what they are for. */
const COMPANIONS: Readonly<Record<string, string>> = {
  [ENCRYPTION]: "encryption",
  [PUBLIC_ACCESS]: "public access block",
  [VERSIONING]: "versioning",
  [POLICY]: "policy that refuses what is not TLS",
};

export const BUCKET_RULES: readonly Rule[] = [
  {
    name: "bucket-encrypted",
    description: "Buckets are encrypted, with bucket keys where a KMS key does it",
    types: [ENCRYPTION],
    check: ({ inputs }) => {
      const rules = (inputs.rules ?? []) as readonly EncryptionRule[];
      return rules.length === 0
        ? ["no rule encrypts the bucket"]
        : rules.flatMap(encryptionProblems);
    },
  },
  {
    name: "bucket-private",
    description: "Buckets block public access in all four ways",
    types: [PUBLIC_ACCESS],
    check: ({ inputs }) =>
      ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"]
        .filter((way) => inputs[way] !== true)
        .map((way) => `${way} is not true`),
  },
  {
    name: "bucket-versioned",
    description: "Buckets keep replaced versions",
    types: [VERSIONING],
    check: ({ inputs }) =>
      unless(inputs.versioningConfiguration?.status === "Enabled", "versioning is not Enabled"),
  },
  {
    name: "bucket-tls",
    description: "Buckets refuse requests that do not come over TLS",
    types: [POLICY],
    check: ({ inputs }) =>
      unless(
        statementsOf(inputs.policy).some(refusesPlainHttp),
        'no statement denies s3:* to everybody where aws:SecureTransport is "false", on the ' +
          "bucket and its objects",
      ),
  },
];

interface EncryptionRule {
  readonly applyServerSideEncryptionByDefault?: { readonly sseAlgorithm?: string };
  readonly bucketKeyEnabled?: boolean;
}

function encryptionProblems(rule: EncryptionRule): string[] {
  const algorithm = rule.applyServerSideEncryptionByDefault?.sseAlgorithm;
  if (algorithm === "AES256") return [];
  if (algorithm !== "aws:kms" && algorithm !== "aws:kms:dsse") return ["a rule has no algorithm"];
  // S3 has no bucket keys for dual-layer encryption.
  return unless(
    algorithm === "aws:kms:dsse" || rule.bucketKeyEnabled === true,
    "bucketKeyEnabled is not true: each object would be a call of KMS",
  );
}

function refusesPlainHttp(statement: PolicyStatement): boolean {
  const { isAllow, principals, actions, resources, conditions } = statement;
  const condition = Object.entries(conditions.Bool ?? {});
  return (
    !isAllow &&
    principals.includes("*") &&
    actions.includes("s3:*") &&
    resources.some((resource) => !resource.endsWith("/*")) &&
    resources.some((resource) => resource.endsWith("/*")) &&
    Object.keys(conditions).length === 1 &&
    condition.length === 1 &&
    condition[0]![0].toLowerCase() === "aws:securetransport" &&
    String(condition[0]![1]) === "false"
  );
}

/** A resource of a stack, with the bucket that it configures, where it does. */
export interface BucketPart {
  readonly type: string;
  /** Identifies the resource: its URN. */
  readonly id: string;
  /** The `id` of the bucket that it is about. */
  readonly bucket?: string;
}

/** The resources that buckets of a stack lack, by the bucket's id. */
export function incompleteBuckets(resources: readonly BucketPart[]): Record<string, string[]> {
  const of = (bucket: string) =>
    Object.keys(COMPANIONS).filter(
      (type) => !resources.some((each) => each.type === type && each.bucket === bucket),
    );
  return Object.fromEntries(
    resources
      .filter(({ type }) => type === BUCKET)
      .map(({ id }) => [id, of(id).map((type) => `the bucket has no ${COMPANIONS[type]}`)] as const)
      .filter(([, problems]) => problems.length > 0),
  );
}

/** A resource that mocks recorded; they give a resource called `x` the id `x-id`. */
export function recordedPart({ type, name, inputs }: PolicyResource): BucketPart {
  return {
    type,
    id: type === BUCKET ? `${name}-id` : `${type} ${name}`,
    bucket: type in COMPANIONS ? inputs.bucket : undefined,
  };
}
