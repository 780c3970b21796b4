import * as aws from "@pulumi/aws";

import { FileTransfer } from "../../components/file-transfer";
import type { FileTransferArgs } from "../../components/file-transfer-args";
import { TransferLogs } from "../../components/transfer-logs";
import { transferFilters } from "../../model/aws/transfer";
import { recordResources, type Registered, settled } from "../pulumi-mocks";
import { bucketsOf, registeredOf } from "./lake-fixtures";

const AGENT = "arn:aws:datasync:eu-central-1:123456789012:agent/agent-1";
const NFS = {
  protocol: "nfs",
  server: "nas.example.com",
  path: "/drops",
  agents: [AGENT],
} as const;
const SMB = {
  protocol: "smb",
  server: "nas.example.com",
  path: "/share/drops",
  agents: [AGENT],
  secretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:autocorp-dev-files",
} as const;

let registered: Registered[];

beforeEach(() => {
  registered = recordResources(
    {},
    {
      "aws:secretsmanager/getSecretVersion:getSecretVersion": {
        secretString: '{"username":"lake","password":"p|w","domain":"corp"}',
      },
    },
  );
});

async function create(
  source: typeof NFS | typeof SMB = NFS,
  more: Partial<FileTransferArgs> = {},
): Promise<FileTransfer> {
  const { bronze } = bucketsOf("bronze");
  const logs = new TransferLogs("lakewright-dev");
  const args = { ...source, folders: ["customers"], bucket: bronze, logs, ...more };
  const transfer = new FileTransfer("autocorp-dev", args as FileTransferArgs);
  await settled();
  return transfer;
}

const one = (type: string, name = "autocorp-dev-files") => registeredOf(registered, type)[name];
const statements = (policy: string) => JSON.parse(policy).Statement;

test("files go from an NFS export to the bucket, hourly, unless something else is asked", async () => {
  await create();
  expect(one("datasync/nfsLocation")).toEqual({
    serverHostname: "nas.example.com",
    subdirectory: "/drops/",
    onPremConfig: { agentArns: [AGENT] },
    mountOptions: { version: "AUTOMATIC" },
  });
  expect(one("datasync/s3Location")).toEqual({
    s3BucketArn: "arn:aws:mock:::the-bronze",
    subdirectory: "/files/",
    s3StorageClass: "STANDARD",
    s3Config: { bucketAccessRoleArn: "arn:aws:mock:::autocorp-dev-files" },
  });
  expect(one("datasync/task")).toMatchObject({
    name: "autocorp-dev-files",
    taskMode: "BASIC",
    schedule: { scheduleExpression: "rate(1 hour)" },
    options: { overwriteMode: "ALWAYS", verifyMode: "ONLY_FILES_TRANSFERRED", bytesPerSecond: -1 },
    includes: { value: "/customers" },
    excludes: { value: transferFilters(["customers"], []).excludes.value },
    cloudwatchLogGroupArn: "arn:aws:mock:::autocorp-dev-files",
  });
  expect(one("datasync/task").taskReportConfig).toBeUndefined();
  expect(one("iam/role", "autocorp-dev-files-starter")).toBeUndefined();
});

test("what is asked for is what the task does", async () => {
  await create(NFS, {
    version: "NFS4_1",
    folders: ["customers", "sales_orders"],
    prefix: "raw/csv/",
    storageClass: "STANDARD_IA",
    schedule: "none",
    mbPerSecond: 2,
    verifyMode: "POINT_IN_TIME_CONSISTENT",
    overwrite: false,
    exclude: ["*.bak"],
  });
  expect(one("datasync/nfsLocation").mountOptions).toEqual({ version: "NFS4_1" });
  expect(one("datasync/s3Location")).toMatchObject({
    subdirectory: "/raw/csv/",
    s3StorageClass: "STANDARD_IA",
  });
  const task = one("datasync/task");
  expect(task).toMatchObject({
    options: {
      overwriteMode: "NEVER",
      verifyMode: "POINT_IN_TIME_CONSISTENT",
      bytesPerSecond: 2_097_152,
    },
    includes: { value: "/customers|/sales_orders" },
    excludes: { value: transferFilters([], ["*.bak"]).excludes.value },
  });
  expect(task.schedule).toBeUndefined();
  const [, write] = statements(one("iam/rolePolicy").policy);
  expect(write.Resource).toBe("arn:aws:mock:::the-bronze/raw/csv/*");
});

test("an SMB share is mounted by the secret's user, whose password stays secret", async () => {
  const transfer = await create(SMB, { version: "SMB3" });
  // As Pulumi hands on what it must encrypt.
  const encrypted = (value: string) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value,
  });
  expect(one("datasync/locationSmb")).toEqual({
    serverHostname: "nas.example.com",
    subdirectory: "/share/drops/",
    agentArns: [AGENT],
    user: encrypted("lake"),
    password: encrypted("p|w"),
    domain: encrypted("corp"),
    mountOptions: { version: "SMB3" },
  });
  expect(transfer.source).toBeInstanceOf(aws.datasync.LocationSmb);
  expect(one("datasync/nfsLocation")).toBeUndefined();
});

test("DataSync has the role for this account's transfers alone, and its key", async () => {
  await create(NFS, { key: new aws.kms.Key("the-key") });
  expect(statements(one("iam/role").assumeRolePolicy)).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "datasync.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": "arn:aws:datasync:eu-central-1:123456789012:*" },
      },
    },
  ]);
  const rights = statements(one("iam/rolePolicy").policy);
  expect(rights.map(({ Sid, Resource }: Record<string, unknown>) => [Sid, Resource])).toEqual([
    ["ListBucket", "arn:aws:mock:::the-bronze"],
    ["WriteFiles", "arn:aws:mock:::the-bronze/files/*"],
    ["UseKey", "arn:aws:mock:::the-key"],
  ]);
});

test("DataSync logs, into a group of its own, encrypted and for a time", async () => {
  await create(NFS, { key: new aws.kms.Key("the-key"), logDays: 7 });
  expect(one("cloudwatch/logGroup")).toEqual({
    name: "/aws/datasync/autocorp-dev",
    retentionInDays: 7,
    kmsKeyId: "arn:aws:mock:::the-key",
  });
  registered = recordResources();
  await create();
  expect(one("cloudwatch/logGroup").retentionInDays).toBe(30);
});

test("one policy of the environment lets DataSync write the logs of all its transfers", async () => {
  await create();
  const policies = registeredOf(registered, "cloudwatch/logResourcePolicy");
  expect(Object.keys(policies)).toEqual(["lakewright-dev-datasync"]);
  const { policyName, policyDocument } = policies["lakewright-dev-datasync"]!;
  expect(policyName).toBe("lakewright-dev-datasync");
  expect(statements(policyDocument)).toEqual([
    {
      Sid: "DataSyncLogs",
      Effect: "Allow",
      Principal: { Service: "datasync.amazonaws.com" },
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/datasync/*:*",
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": "arn:aws:datasync:eu-central-1:123456789012:task/*" },
      },
    },
  ]);
});

test("each transfer reports every file, where there is a bucket for it", async () => {
  const { logs } = bucketsOf("logs");
  await create(NFS, { reports: logs });
  expect(one("datasync/task").taskReportConfig).toEqual({
    s3Destination: {
      bucketAccessRoleArn: "arn:aws:mock:::autocorp-dev-files",
      s3BucketArn: "arn:aws:mock:::the-logs",
      subdirectory: "datasync/",
    },
    outputType: "STANDARD",
    reportLevel: "SUCCESSES_AND_ERRORS",
    s3ObjectVersioning: "NONE",
  });
  expect(statements(one("iam/rolePolicy").policy)[2]).toMatchObject({
    Sid: "WriteReports",
    Resource: "arn:aws:mock:::the-logs/datasync/*",
  });
});

test("whoever drops files may be let start their transfer", async () => {
  const dropper = "arn:aws:iam::123456789012:role/dropper";
  await create(NFS, { starters: [dropper] });
  expect(statements(one("iam/role", "autocorp-dev-files-starter").assumeRolePolicy)).toEqual([
    { Effect: "Allow", Principal: { AWS: [dropper] }, Action: "sts:AssumeRole" },
  ]);
  const rights = statements(one("iam/rolePolicy", "autocorp-dev-files-starter").policy);
  expect(rights).toMatchObject([
    {
      Sid: "StartTransfer",
      Resource: [
        "arn:aws:mock:::autocorp-dev-files",
        "arn:aws:mock:::autocorp-dev-files/execution/*",
      ],
    },
  ]);
});

test.each<[string, Partial<FileTransferArgs>, RegExp]>([
  ["no folder", { folders: [] }, /folders is empty; give the folders/],
  ["no agent", { agents: [] }, /agents is empty; give the ARN/],
  ["a prefix without its slash", { prefix: "files" }, /prefix is "files"; expected one that ends/],
  ["a prefix from the slash", { prefix: "/files/" }, /begins without/],
  ["no bandwidth", { mbPerSecond: 0 }, /mbPerSecond is 0; expected more than 0/],
  ["a schedule of minutes", { schedule: "rate(5 minutes)" }, /schedule: .*more often than hourly/],
])("%s is the user's mistake", async (_, more, message) => {
  await expect(create(NFS, more)).rejects.toThrow(message);
});
