import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Replication } from "../../components/replication";
import type { ReplicationArgs } from "../../components/replication-args";
import { loadLake } from "../../lakes/load";
import { largeValues } from "../../model/aws/large-values";
import { tableMappings } from "../../model/aws/table-mappings";
import { taskSettings } from "../../model/aws/task-settings";
import { recordResources, type Registered, settled } from "../pulumi-mocks";

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

const { manifest } = loadLake("saas");
const SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:source";
const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

function replicate(args: Partial<ReplicationArgs> = {}, name = "saas-dev"): Replication {
  return new Replication(name, {
    manifest,
    freshnessMinutes: 60,
    bronze: new aws.s3.Bucket("bronze"),
    database: "saas",
    secretArn: SECRET,
    subnetIds: ["subnet-1", "subnet-2"],
    securityGroupIds: ["sg-1"],
    reachesSecretsManager: true,
    ...args,
  });
}

/** The inputs of the only resource of a type, or of that with the name. */
function inputsOf(type: string, name?: string): Registered["inputs"] {
  const found = registered.filter((one) => one.type === type && (!name || one.name === name));
  expect(found).toHaveLength(1);
  return found[0]!.inputs;
}

const INSTANCE = "aws:dms/replicationInstance:ReplicationInstance";
const TASK = "aws:dms/replicationTask:ReplicationTask";
const CONFIG = "aws:dms/replicationConfig:ReplicationConfig";
const SOURCE = "aws:dms/endpoint:Endpoint";
const TARGET = "aws:dms/s3Endpoint:S3Endpoint";
const CERTIFICATE = "aws:dms/certificate:Certificate";
const SUBNETS = "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup";
const LOG = "aws:cloudwatch/logGroup:LogGroup";

const DMS = "arn:aws:dms:eu-central-1:123456789012";

test("by default a private instance in one zone replicates, with the lake's tables and settings", async () => {
  replicate();
  await settled();
  expect(inputsOf(INSTANCE)).toEqual({
    replicationInstanceId: "saas-dev",
    replicationInstanceClass: "dms.t3.medium",
    allocatedStorage: 50,
    autoMinorVersionUpgrade: false,
    allowMajorVersionUpgrade: false,
    applyImmediately: true,
    multiAz: false,
    publiclyAccessible: false,
    preferredMaintenanceWindow: "sun:03:00-sun:04:00",
    replicationSubnetGroupId: "saas-dev-id",
    vpcSecurityGroupIds: ["sg-1"],
  });
  const { tableMappings: mappings, replicationTaskSettings, ...task } = inputsOf(TASK);
  expect(task).toEqual({
    replicationTaskId: "saas-dev",
    resourceIdentifier: "saas-dev",
    migrationType: "full-load-and-cdc",
    replicationInstanceArn: `${DMS}:rep:saas-dev`,
    sourceEndpointArn: `${DMS}:endpoint:saas-dev-source`,
    targetEndpointArn: `${DMS}:endpoint:saas-dev-target`,
  });
  expect(JSON.parse(mappings)).toEqual(tableMappings(manifest));
  const large = largeValues(manifest, 1024);
  expect(JSON.parse(replicationTaskSettings)).toEqual(taskSettings(large));
});

test("nothing starts by itself", async () => {
  replicate();
  replicate({ compute: "serverless" }, "other");
  await settled();
  expect(inputsOf(TASK)).not.toHaveProperty("startReplicationTask");
  expect(inputsOf(CONFIG)).not.toHaveProperty("startReplication");
});

test("serverless replication has the same tables and settings, and no instance", async () => {
  replicate({ compute: "serverless", maxCapacityUnits: 4, multiAz: true });
  await settled();
  const { tableMappings: mappings, replicationSettings, ...config } = inputsOf(CONFIG);
  expect(config).toEqual({
    replicationConfigIdentifier: "saas-dev",
    resourceIdentifier: "saas-dev",
    replicationType: "full-load-and-cdc",
    sourceEndpointArn: `${DMS}:endpoint:saas-dev-source`,
    targetEndpointArn: `${DMS}:endpoint:saas-dev-target`,
    computeConfig: {
      replicationSubnetGroupId: "saas-dev-id",
      vpcSecurityGroupIds: ["sg-1"],
      minCapacityUnits: 1,
      maxCapacityUnits: 4,
      multiAz: true,
      preferredMaintenanceWindow: "sun:03:00-sun:04:00",
    },
  });
  expect(JSON.parse(mappings)).toEqual(tableMappings(manifest));
  expect(JSON.parse(replicationSettings)).toEqual(taskSettings(largeValues(manifest, 1024)));
  expect(registered.filter(({ type }) => type === INSTANCE || type === TASK)).toEqual([]);
});

test("the source is read by its secret over TLS, by a role that reads just this secret", async () => {
  replicate({ secretKeyArn: "arn:aws:kms:::key/secret", engine: "aurora-postgresql" });
  await settled();
  expect(inputsOf(SOURCE)).toMatchObject({
    endpointId: "saas-dev-source",
    endpointType: "source",
    engineName: "aurora-postgresql",
    databaseName: "saas",
    secretsManagerArn: SECRET,
    secretsManagerAccessRoleArn: "arn:aws:mock:::saas-dev-source",
    sslMode: "require",
    postgresSettings: { captureDdls: false, failTasksOnLobTruncation: true },
  });
  const trust = JSON.parse(inputsOf("aws:iam/role:Role", "saas-dev-source").assumeRolePolicy);
  expect(trust.Statement[0].Principal).toEqual({ Service: "dms.eu-central-1.amazonaws.com" });
  expect(statements("source")).toEqual([
    allowed(["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], SECRET),
    allowed(["kms:Decrypt", "kms:DescribeKey"], "arn:aws:kms:::key/secret"),
  ]);
});

/** What a role of the replication may do, without the statements' names. */
function statements(purpose: string): unknown[] {
  const { policy } = inputsOf("aws:iam/rolePolicy:RolePolicy", `saas-dev-${purpose}`);
  return JSON.parse(policy).Statement.map(({ Effect, Action, Resource }: Registered["inputs"]) => ({
    Effect,
    Action,
    Resource,
  }));
}

function allowed(Action: string[], Resource: string): object {
  return { Effect: "Allow", Action, Resource };
}

test("a certificate given verifies the source's host", async () => {
  replicate({ tls: "verify-full", certificate: PEM });
  await settled();
  const { certificateId, certificatePem } = inputsOf(CERTIFICATE);
  expect([certificateId, certificatePem.value]).toEqual([
    expect.stringMatching(/^saas-dev-source-[0-9a-f]{8}$/),
    PEM,
  ]);
  expect(inputsOf(SOURCE)).toMatchObject({
    sslMode: "verify-full",
    certificateArn: `${DMS}:cert:saas-dev-source`,
  });
});

test("a new certificate is there before the endpoint lets go of the old one", async () => {
  const first = deletedFirst();
  for (const [name, pem] of Object.entries({ a: PEM, b: PEM, c: `${PEM}\n` })) {
    replicate({ tls: "verify-full", certificate: pem }, name);
  }
  await settled();
  const [a, b, c] = ["a", "b", "c"].map((name) =>
    inputsOf(CERTIFICATE, `${name}-source`).certificateId.replace(/^.-/, ""),
  );
  expect(b).toBe(a);
  expect(c).not.toBe(a);
  expect(first).toContain(SOURCE);
  expect(first).not.toContain(CERTIFICATE);
});

test("an instance that has to be replaced stands beside its replacement until the task has moved", async () => {
  const first = deletedFirst();
  const key = new aws.kms.Key("lake");
  replicate({}, "a");
  replicate({ publiclyAccessible: true }, "b");
  replicate({ key }, "c");
  replicate({ publiclyAccessible: true, key }, "d");
  await settled();
  const names = (type: string, input: string) =>
    ["a", "b", "c", "d"].map((name) => inputsOf(type, name)[input]);
  const expected = ["a", "b-public", "c-kms", "d-public-kms"];
  expect(names(INSTANCE, "replicationInstanceId")).toEqual(expected);
  expect(names(SUBNETS, "replicationSubnetGroupId")).toEqual(expected);
  expect(first).not.toContain(INSTANCE);
  expect(first).not.toContain(SUBNETS);
  expect(names(TASK, "replicationTaskId")).toEqual(["a", "b", "c", "d"]);
  // DMS names the log after the instance.
  expect(inputsOf(LOG, "d-replication").name).toBe("dms-tasks-d-public-kms");
});

/** Types of the resources from now on that Pulumi is to delete before it makes their replacement. */
function deletedFirst(): string[] {
  const types: string[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Registration, callback: unknown): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    if (request.getDeletebeforereplace()) types.push(request.getType());
    return register(request, callback);
  };
  return types;
}

interface Registration {
  getType(): string;
  getDeletebeforereplace(): boolean;
}

test("bronze is written into the epoch's folder, encrypted by the lake's key where it has one", async () => {
  replicate({ key: new aws.kms.Key("lake"), epoch: 3, freshnessMinutes: 10 });
  replicate({}, "plain");
  await settled();
  expect(inputsOf(TARGET, "saas-dev-target")).toMatchObject({
    bucketName: "bronze",
    bucketFolder: "e0003",
    cdcMaxBatchInterval: 150,
    expectedBucketOwner: "123456789012",
    serviceAccessRoleArn: "arn:aws:mock:::saas-dev-target",
    encryptionMode: "SSE_KMS",
    serverSideEncryptionKmsKeyId: "arn:aws:mock:::lake",
  });
  expect(inputsOf(TARGET, "plain-target")).toMatchObject({
    bucketFolder: "e0001",
    cdcMaxBatchInterval: 900,
    encryptionMode: "SSE_S3",
  });
  expect(inputsOf(INSTANCE, "saas-dev").kmsKeyArn).toBe("arn:aws:mock:::lake");
  expect(inputsOf(SOURCE, "saas-dev-source").kmsKeyArn).toBe("arn:aws:mock:::lake");
});

test("bronze is written by a role of this account that may delete no version of an object", async () => {
  replicate({ key: new aws.kms.Key("lake") });
  await settled();
  const trust = JSON.parse(inputsOf("aws:iam/role:Role", "saas-dev-target").assumeRolePolicy);
  expect(trust.Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "dms.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    },
  ]);
  expect(statements("target")).toEqual([
    allowed(["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject"], "arn:aws:mock:::bronze/*"),
    allowed(["s3:ListBucket", "s3:GetBucketLocation"], "arn:aws:mock:::bronze"),
    allowed(["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"], "arn:aws:mock:::lake"),
  ]);
});

test("a zone of bronze is the folder that is written, and no other may be", async () => {
  replicate({ folder: "raw/database" });
  await settled();
  expect(inputsOf(TARGET).bucketFolder).toBe("raw/database/e0001");
  const { policy } = inputsOf("aws:iam/rolePolicy:RolePolicy", "saas-dev-target");
  const bucket = "arn:aws:mock:::bronze";
  expect(JSON.parse(policy).Statement).toMatchObject([
    { Sid: "WriteBronze", Resource: `${bucket}/raw/database/*` },
    { Action: "s3:GetBucketLocation", Resource: bucket },
    {
      Action: "s3:ListBucket",
      Resource: bucket,
      Condition: { StringLike: { "s3:prefix": ["raw/database", "raw/database/*"] } },
    },
  ]);
});

test("the log has the name that DMS writes to, and is kept for as long as is said", async () => {
  replicate({ logKey: new aws.kms.Key("logs"), logDays: 7 });
  replicate({ compute: "serverless" }, "other");
  await settled();
  expect(inputsOf(LOG, "saas-dev-replication")).toEqual({
    name: "dms-tasks-saas-dev",
    retentionInDays: 7,
    kmsKeyId: "arn:aws:mock:::logs",
  });
  expect(inputsOf(LOG, "other-replication")).toEqual({
    name: "dms-serverless-replication-other",
    retentionInDays: 30,
  });
});

test("names are made such as DMS takes them", async () => {
  expect(replicate({}, "my_lake__x-dev").id).toBe("my-lake-x-dev");
  expect(() => replicate({}, "a".repeat(32))).toThrow("DMS takes 31 characters at most");
  await settled();
  expect(inputsOf(TASK).replicationTaskId).toBe("my-lake-x-dev");
  expect(inputsOf(SOURCE).endpointId).toBe("my-lake-x-dev-source");
});

test("settings that cannot work together are refused, all at once", async () => {
  const problems = (args: Partial<ReplicationArgs>) => {
    try {
      replicate(args);
    } catch (error) {
      return (error as Error).message.split("\n  ").slice(1);
    }
    return [];
  };
  expect(problems({ reachesSecretsManager: false, tls: "verify-ca" })).toEqual([
    'tls "verify-ca" needs the certificate of the authority that signed the source\'s',
    "the source's password is in Secrets Manager, which private replication does not reach: " +
      'add "secretsmanager" to the interface endpoints, or NAT, or replicate publicly',
  ]);
  expect(problems({ reachesSecretsManager: false, publiclyAccessible: true })).toEqual([]);
  expect(problems({ certificate: PEM })).toEqual([
    'certificate is not looked at with tls "require"; set "verify-full"',
  ]);
  expect(problems({ tls: "verify-full", certificate: "MIIB" })).toEqual([
    "certificate is none in PEM: it has no line -----BEGIN CERTIFICATE-----",
  ]);
  expect(problems({ minCapacityUnits: 1 })).toEqual([
    'minCapacityUnits means nothing to compute "instance"; leave it out',
  ]);
  expect(
    problems({
      compute: "serverless",
      publiclyAccessible: true,
      minCapacityUnits: 8,
      maxCapacityUnits: 3,
    }),
  ).toEqual([
    'publiclyAccessible means nothing to compute "serverless"; leave it out',
    "maxCapacityUnits is 3; expected one of 1, 2, 4, 8, 16, 32, 64, 128, 192, 256, 384",
    "minCapacityUnits 8 is above maxCapacityUnits 3",
  ]);
  await settled();
});
