import { BUCKET } from "./bucket-rules";
import { isGiven, type Rule, unless } from "./rule";

const KEY = "aws:kms/key:Key";
const DATABASE = "aws:rds/instance:Instance";
const DMS_INSTANCE = "aws:dms/replicationInstance:ReplicationInstance";
const DMS_ENDPOINT = "aws:dms/endpoint:Endpoint";
const DMS_S3_ENDPOINT = "aws:dms/s3Endpoint:S3Endpoint";

/** Sources and targets that DMS does not reach over TLS of its own settings. */
const ENGINES_WITHOUT_TLS = ["s3", "dynamodb", "kinesis", "opensearch"];

export const DATA_RULES: readonly Rule[] = [
  {
    name: "key-rotation",
    description: "Symmetric keys are rotated every year",
    types: [KEY],
    check: ({ inputs }) =>
      unless(
        inputs.enableKeyRotation === true || !isSymmetric(inputs),
        "enableKeyRotation is not true",
      ),
  },
  {
    name: "log-retention",
    description: "Logs are deleted after days that somebody chose",
    types: ["aws:cloudwatch/logGroup:LogGroup"],
    check: ({ inputs }) =>
      unless(inputs.retentionInDays > 0, "retentionInDays is not set: logs would be kept for ever"),
  },
  {
    name: "topic-encrypted",
    description: "Topics are encrypted",
    types: ["aws:sns/topic:Topic"],
    check: ({ inputs }) => unless(isGiven(inputs, "kmsMasterKeyId"), "kmsMasterKeyId is not set"),
  },
  {
    name: "queue-encrypted",
    description: "Queues are encrypted",
    types: ["aws:sqs/queue:Queue"],
    check: ({ inputs }) =>
      unless(
        isGiven(inputs, "kmsMasterKeyId") || inputs.sqsManagedSseEnabled === true,
        "neither kmsMasterKeyId nor sqsManagedSseEnabled is set",
      ),
  },
  {
    name: "database-encrypted",
    description: "Databases are encrypted",
    types: [DATABASE],
    check: ({ inputs }) => unless(inputs.storageEncrypted === true, "storageEncrypted is not true"),
  },
  {
    name: "database-private",
    description: "Databases have no public address, unless the rule is set to allow it",
    types: [DATABASE],
    isAllowable: true,
    check: ({ inputs }) =>
      unless(
        inputs.publiclyAccessible !== true,
        "publiclyAccessible is true (allow it by the rule's setting `allowed`)",
      ),
  },
  {
    name: "replication-private",
    description:
      "Replication has no public address, unless the rule is set to allow it; DMS would give one",
    types: [DMS_INSTANCE],
    isAllowable: true,
    check: ({ inputs }) =>
      unless(
        inputs.publiclyAccessible === false,
        "publiclyAccessible is not false (allow it by the rule's setting `allowed`)",
      ),
  },
  {
    name: "replication-encrypted",
    description: "Replication stores, writes and travels encrypted",
    types: [DMS_INSTANCE, DMS_ENDPOINT, DMS_S3_ENDPOINT],
    check: ({ type, inputs }) => {
      // Without a key of ours DMS encrypts an instance's storage with its own (aws/dms).
      if (type === DMS_INSTANCE) return [];
      if (type === DMS_S3_ENDPOINT) return s3EndpointProblems(inputs);
      const needsTls = !ENGINES_WITHOUT_TLS.includes(inputs.engineName);
      const isTls = ["require", "verify-ca", "verify-full"].includes(inputs.sslMode);
      return unless(isTls || !needsTls, "sslMode is none of require, verify-ca, verify-full");
    },
  },
  {
    name: "transfer-keeps",
    description: "Transfers of files check what they copied and delete nothing where it goes",
    types: ["aws:datasync/task:Task"],
    check: ({ inputs: { options = {} } }) => [
      ...unless(options.verifyMode !== "NONE", "verifyMode is NONE"),
      ...unless(options.preserveDeletedFiles !== "REMOVE", "preserveDeletedFiles is REMOVE"),
    ],
  },
  {
    name: "prod-protected",
    description: "What holds data in prod cannot be deleted by mistake",
    types: [BUCKET, KEY, DATABASE],
    check: ({ type, inputs, protect }, { stack }) => {
      if (!isProd(stack)) return [];
      return [
        ...unless(protect !== false, "it is not protected"),
        ...unless(inputs.forceDestroy !== true, "forceDestroy is true"),
        ...(type === DATABASE ? databaseProblems(inputs) : []),
      ];
    },
  },
];

function isSymmetric({ customerMasterKeySpec }: { customerMasterKeySpec?: string }): boolean {
  return customerMasterKeySpec === undefined || customerMasterKeySpec === "SYMMETRIC_DEFAULT";
}

/**
 * DMS names the encryption of each object it writes, which overrules the bucket's default; left
 * out, it names Amazon S3's keys.
 */
function s3EndpointProblems(inputs: Record<string, unknown>): string[] {
  const { encryptionMode } = inputs;
  if (encryptionMode === "SSE_S3") return [];
  if (encryptionMode !== "SSE_KMS") return ["encryptionMode is neither SSE_KMS nor SSE_S3"];
  return unless(
    isGiven(inputs, "serverSideEncryptionKmsKeyId"),
    "encryptionMode is SSE_KMS without serverSideEncryptionKmsKeyId",
  );
}

function databaseProblems(inputs: Record<string, unknown>): string[] {
  return [
    ...unless(inputs.deletionProtection === true, "deletionProtection is not true"),
    ...unless(inputs.skipFinalSnapshot !== true, "skipFinalSnapshot is true"),
  ];
}

/** Whether a stack is of production: `prod`, or one of several as `prod-eu`. */
function isProd(stack: string): boolean {
  return /^prod(-|$)/.test(stack);
}
