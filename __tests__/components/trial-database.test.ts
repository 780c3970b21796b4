import * as aws from "@pulumi/aws";

import { TrialDatabase, type TrialDatabaseArgs } from "../../components/trial-database";
import { recordResources, type Registered, settled } from "../pulumi-mocks";

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

function create(args: Partial<TrialDatabaseArgs> = {}, name = "trial"): TrialDatabase {
  return new TrialDatabase(name, {
    database: "saas",
    vpcId: "vpc-1",
    subnetIds: ["subnet-1", "subnet-2"],
    clientSecurityGroupId: "sg-replication",
    ...args,
  });
}

function inputsOf(type: string, name = "trial"): Registered["inputs"] {
  const found = registered.filter((one) => one.type === type && one.name === name);
  expect(found).toHaveLength(1);
  return found[0]!.inputs;
}

const INSTANCE = "aws:rds/instance:Instance";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

test("by default the database is small, private, encrypted and not to be deleted", async () => {
  create();
  await settled();
  expect(inputsOf(INSTANCE)).toEqual({
    engine: "postgres",
    engineVersion: "17",
    instanceClass: "db.t4g.micro",
    dbName: "saas",
    username: "postgres",
    manageMasterUserPassword: true,
    storageType: "gp3",
    allocatedStorage: 20,
    maxAllocatedStorage: 100,
    storageEncrypted: true,
    parameterGroupName: "trial",
    dbSubnetGroupName: "trial",
    vpcSecurityGroupIds: ["trial-id"],
    publiclyAccessible: false,
    backupRetentionPeriod: 7,
    copyTagsToSnapshot: true,
    deletionProtection: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "trial-final-ab12cd34",
  });
});

test("a destroyable database goes without a snapshot, and its secret at once", async () => {
  create({ destroyable: true });
  await settled();
  expect(inputsOf(INSTANCE)).toMatchObject({
    deletionProtection: false,
    skipFinalSnapshot: true,
    backupRetentionPeriod: 1,
  });
  expect(inputsOf(INSTANCE)).not.toHaveProperty("finalSnapshotIdentifier");
  expect(inputsOf("aws:secretsmanager/secret:Secret").recoveryWindowInDays).toBe(0);
});

test("logical replication is on and TLS forced", async () => {
  create({ version: 16 });
  await settled();
  expect(inputsOf("aws:rds/parameterGroup:ParameterGroup")).toMatchObject({
    family: "postgres16",
    parameters: [
      { name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" },
      { name: "rds.force_ssl", value: "1", applyMethod: "immediate" },
    ],
  });
});

test("replication's secret has what DMS needs, and a password that it takes", async () => {
  create({ key: new aws.kms.Key("lake") });
  await settled();
  const { secretId, secretString } = inputsOf("aws:secretsmanager/secretVersion:SecretVersion");
  expect(secretId).toBe("trial-id");
  const secret = typeof secretString === "string" ? secretString : secretString.value;
  expect(JSON.parse(secret)).toMatchObject({
    host: "trial.rds.amazonaws.com",
    port: 5432,
    dbname: "saas",
    username: "lakewright",
  });
  expect(inputsOf("random:index/randomPassword:RandomPassword")).toEqual({
    length: 40,
    special: false,
  });
  expect(inputsOf("aws:secretsmanager/secret:Secret")).toMatchObject({
    kmsKeyId: "arn:aws:mock:::lake",
    recoveryWindowInDays: 30,
  });
  expect(inputsOf(INSTANCE)).toMatchObject({
    kmsKeyId: "arn:aws:mock:::lake",
    masterUserSecretKmsKeyId: "arn:aws:mock:::lake",
  });
});

test("replication alone is let in, and out to the database", async () => {
  create();
  await settled();
  const port = { ipProtocol: "tcp", fromPort: 5432, toPort: 5432 };
  expect(inputsOf(INGRESS, "trial-replication")).toEqual({
    securityGroupId: "trial-id",
    description: "Replication",
    referencedSecurityGroupId: "sg-replication",
    ...port,
  });
  expect(
    inputsOf("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "trial-replication"),
  ).toEqual({
    securityGroupId: "sg-replication",
    description: "The trial database",
    referencedSecurityGroupId: "trial-id",
    ...port,
  });
  expect(registered.filter(({ type }) => type === INGRESS)).toHaveLength(1);
});

test("a laptop's address is let in where it is named, but not the internet", async () => {
  create({ publicCidrBlocks: ["203.0.113.7/32"] });
  expect(() => create({ publicCidrBlocks: ["0.0.0.0/0"] }, "open")).toThrow(
    "publicCidrBlocks: 0.0.0.0/0 lets much of the internet in; name your own address",
  );
  await settled();
  expect(inputsOf(INSTANCE).publiclyAccessible).toBe(true);
  expect(inputsOf(INGRESS, "trial-203.0.113.7/32").cidrIpv4).toBe("203.0.113.7/32");
});
