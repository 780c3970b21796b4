import * as pulumi from "@pulumi/pulumi";

import { withStandInJars } from "../../cli/stand-in-jars";
import * as lakes from "../../lakes/load";
import { qualityJarNames } from "../../local/toolchain";
import { environmentOutputs } from "../../model/aws/outputs";
import { roleBoundary } from "../../model/aws/role-boundary";
import { violations } from "../../policy/rule";
import { RULES } from "../../policy/rules";
import { namePrefixes } from "../../stacks/account";
import { costSettings } from "../../stacks/cost-settings";
import type { EnvironmentSettings } from "../../stacks/environment-settings";
import { evaluateStack } from "../../stacks/evaluate";
import { readSettings } from "../../stacks/settings";
import { recordResources, type Registered } from "../pulumi-mocks";

jest.setTimeout(120_000);

const AGENT = "arn:aws:datasync:us-west-2:123456789012:agent/agent-0123456789abcdef0";
const NFS = { protocol: "nfs", server: "nas.example.com", path: "/drops", agents: [AGENT] };

/** The settings of `files` as a stack's file has them. */
function read(files: object) {
  const lakes = JSON.stringify({ saas: { source: { trial: {} }, files } });
  recordResources({ "lakewright:environment": "dev", "lakewright:lakes": lakes });
  const settings = readSettings(new pulumi.Config("lakewright"));
  return (settings as { environment: EnvironmentSettings }).environment.lakes.saas!.files;
}

describe("the settings of a transfer", () => {
  test("are those of NFS or of SMB", () => {
    expect(read(NFS)).toEqual(NFS);
    const smb = { ...NFS, protocol: "smb", secretArn: "arn:aws:secretsmanager:r:1:secret:files" };
    expect(read({ ...smb, version: "SMB3", schedule: "none" })).toEqual({
      ...smb,
      version: "SMB3",
      schedule: "none",
    });
  });

  test.each([
    ["protocol", { protocol: "ftp" }, /files\.protocol: /],
    ["path", { path: "drops" }, /files\.path: expected a path from \//],
    ["agents", { agents: [] }, /files\.agents: /],
    ["an agent", { agents: ["agent-1"] }, /files\.agents\.0: expected the ARN of a DataSync agent/],
    ["schedule", { schedule: "rate(5 minutes)" }, /files\.schedule: .*more often than hourly/],
    ["bandwidth", { mbPerSecond: 0 }, /files\.mbPerSecond: /],
    ["a pattern", { exclude: ["*.a|*.b"] }, /files\.exclude\.0: expected one pattern/],
    ["a starter", { starters: ["me"] }, /files\.starters\.0: expected the ARN of an IAM role/],
    ["SMB's secret", { protocol: "smb" }, /files\.secretArn: /],
    ["NFS's version", { version: "SMB3" }, /files\.version: /],
    ["a key there is not", { bandwidth: 1 }, /files: .*"bandwidth"/],
  ])("name a wrong key: %s", (_, wrong, message) => {
    expect(() => read({ ...NFS, ...wrong })).toThrow(message);
  });
});

const FILES = { folder: "people", delimiter: ",", headers: {}, precedence: "database" } as const;

/** The SaaS lake with files of customers, in stack dev with these settings. */
async function composed(files: object | undefined, more: object = {}, hasFiles = true) {
  const lake = lakes.loadLake("saas");
  const tables = lake.manifest.tables.map((table) =>
    hasFiles && table.name === "core_customer" ? { ...table, files: FILES } : table,
  );
  jest
    .spyOn(lakes, "loadLake")
    .mockReturnValue({ ...lake, manifest: { ...lake.manifest, tables } });
  const change = (settings: EnvironmentSettings) => ({
    ...settings,
    lakes: { saas: { ...settings.lakes.saas!, files, ...more } },
  });
  const { registered, outputs, settings } = await withStandInJars(qualityJarNames(), (jars) =>
    evaluateStack("dev", jars, change as (settings: EnvironmentSettings) => EnvironmentSettings),
  );
  return {
    registered,
    files: environmentOutputs.parse(outputs).lakes.saas!.files,
    lake: (settings as { environment: EnvironmentSettings }).environment.lakes.saas!,
  };
}

afterEach(() => jest.restoreAllMocks());

function ofType(registered: readonly Registered[], type: string): Registered["inputs"][] {
  return registered.filter((each) => each.type === type).map(({ inputs }) => inputs);
}

test("a lake with files has their transfer, its outputs, its report and what watches it", async () => {
  const starters = ["arn:aws:iam::123456789012:role/dropper"];
  const { registered, files, lake } = await composed({ ...NFS, starters });
  expect(files).toEqual({
    location: "s3://saas-dev-bronze/files/",
    taskArn: "arn:aws:mock:::saas-dev-files",
    starterRoleArn: "arn:aws:mock:::saas-dev-files-starter",
  });
  const [task] = ofType(registered, "aws:datasync/task:Task");
  expect(task.includes.value).toBe("/people");
  expect(task.taskReportConfig.s3Destination.s3BucketArn).toBe("arn:aws:mock:::saas-dev-logs");
  expect(ofType(registered, "aws:datasync/s3Location:S3Location")[0]).toMatchObject({
    s3BucketArn: "arn:aws:mock:::saas-dev-bronze",
    subdirectory: "/files/",
  });
  const rules = ofType(registered, "aws:cloudwatch/eventRule:EventRule").map(({ name }) => name);
  expect(rules).toEqual(
    expect.arrayContaining(["saas-dev-transfer-failed", "saas-dev-agent-offline"]),
  );
  expect(costSettings(registered, lake, { silver: 60, gold: 60 })).toMatchObject({
    fileTransfer: true,
    transfersPerDay: 24,
  });
  const context = {
    stack: "dev",
    defaultTags: { project: "lakewright", environment: "dev" },
    allowed: ["database-private", "replication-private"],
  };
  expect(registered.flatMap((each) => violations(RULES, each, context))).toEqual([]);
});

test.each([
  ["rate(6 hours)", 4],
  ["rate(2 days)", 0.5],
  ["cron(30 6,18 ? * MON-FRI *)", 2],
  ["cron(0 * * * ? *)", 24],
  ["none", 0],
])("transfers by %s are priced as %s a day", async (schedule, transfersPerDay) => {
  const { registered, lake } = await composed({ ...NFS, schedule });
  expect(costSettings(registered, lake, { silver: 60, gold: 60 })).toMatchObject({
    transfersPerDay,
  });
});

test("the roles of a transfer stay within the boundary of deployments", async () => {
  const { registered } = await composed({ ...NFS, starters: ["arn:aws:iam::123456789012:role/r"] });
  const boundary = roleBoundary({
    partition: "aws",
    account: "123456789012",
    prefixes: namePrefixes("dev", ["saas"]),
  });
  const allowed = new Set(boundary.flatMap(({ Action }) => Action));
  const policies = registered.filter(
    ({ type, name }) => type === "aws:iam/rolePolicy:RolePolicy" && name.includes("-files"),
  );
  expect(policies.map(({ name }) => name)).toEqual(["saas-dev-files", "saas-dev-files-starter"]);
  const needed = policies.flatMap(({ inputs }) =>
    (JSON.parse(inputs.policy).Statement as { Action: string[] }[]).flatMap(({ Action }) => Action),
  );
  expect(needed.filter((action) => !allowed.has(action))).toEqual([]);
});

test("without a transfer, files are where somebody puts them, and their arrival counts", async () => {
  const { registered, files } = await composed(undefined, { trigger: "arrival" });
  expect(files).toEqual({
    location: "s3://saas-dev-bronze/files/",
    taskArn: null,
    starterRoleArn: null,
  });
  expect(ofType(registered, "aws:datasync/task:Task")).toEqual([]);
  const [{ queues }] = ofType(registered, "aws:s3/bucketNotification:BucketNotification");
  expect(
    queues.map(({ filterPrefix, filterSuffix }: Record<string, string>) => [
      filterPrefix,
      filterSuffix,
    ]),
  ).toEqual([
    ["e", ".parquet"],
    ["files/", undefined],
  ]);
});

test("a lake whose tables have no files has no transfer, and names the setting", async () => {
  await expect(composed(NFS, {}, false)).rejects.toThrow(
    "lakewright:lakes.saas.files: no table of the lake has files; declare them in lakes/saas/lake.ts",
  );
});
