import { Command } from "commander";

import { explainAwsError } from "../../../cli/aws/aws-error";
import * as commands from "../../../cli/commands";
import { UserError } from "../../../model/errors";
import { CONFIG_ARN, outputsFile, role, TASK_ARN } from "./deployed-values";
import { FakeAws } from "./fake-aws";

const aws = new FakeAws();
let printed: string[];

beforeAll(() => aws.start());
afterAll(() => aws.stop());
beforeEach(() => {
  printed = [];
  const keep = (...parts: unknown[]) => void printed.push(parts.join(" "));
  jest.spyOn(console, "log").mockImplementation(keep);
  jest.spyOn(console, "error").mockImplementation(keep);
  jest
    .spyOn(process.stdout, "write")
    .mockImplementation((text) => (printed.push(String(text)), true));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command as the command line does; `file` are the stack's outputs. */
async function lake(line: string, file = outputsFile()): Promise<string> {
  const program = new Command("lake").exitOverride();
  for (const command of [commands.dms, commands.job, commands.crawl, commands.query]) {
    command.register(program);
  }
  await program.parseAsync([...line.split(" "), "--outputs", file], { from: "user" });
  return printed.join("\n");
}

const stopped = {
  Status: "stopped",
  TargetEndpointArn: "arn:target",
  ReplicationTaskStartDate: 1_790_000_000,
  ReplicationTaskStats: {
    FullLoadProgressPercent: 100,
    FreshStartDate: 1_790_000_000,
    FullLoadFinishDate: 1_790_000_100,
  },
};
const never = { Status: "ready", TargetEndpointArn: "arn:target" };

/** DMS with a task in these states, one a question and then the last, and files in bronze or none. */
function dmsAnswers(tasks: object[], KeyCount: number) {
  return {
    DescribeReplicationTasks: (_: object, count: number) => ({
      ReplicationTasks: [tasks[Math.min(count, tasks.length) - 1]],
    }),
    DescribeEndpoints: () => ({
      Endpoints: [{ S3Settings: { BucketName: "saas-bronze", BucketFolder: "e0001" } }],
    }),
    ListObjectsV2: () => ({ KeyCount }),
    StartReplicationTask: () => ({}),
    StopReplicationTask: () => ({}),
  };
}

const running = { ...stopped, Status: "running" };

describe("dms", () => {
  test("starts a task for the first time with start-replication", async () => {
    aws.reset(dmsAnswers([never, running], 0));
    const output = await lake("dms start");
    expect(aws.inputs("StartReplicationTask")).toEqual([
      { ReplicationTaskArn: TASK_ARN, StartReplicationTaskType: "start-replication" },
    ]);
    expect(aws.inputs("ListObjectsV2")).toEqual([{ Bucket: "saas-bronze", Prefix: "e0001/" }]);
    expect(output).toContain("first start: full load into e0001, then changes");
    expect(output).toContain("its instance is billed by the hour, running or not");
  });

  test("goes on with a stopped task whose epoch has files", async () => {
    aws.reset(dmsAnswers([stopped, running], 1));
    expect(await lake("dms start")).toContain("going on with the changes into e0001");
    expect(aws.inputs("StartReplicationTask")[0]).toMatchObject({
      StartReplicationTaskType: "resume-processing",
    });
  });

  test("loads all tables again where the epoch was raised", async () => {
    aws.reset(dmsAnswers([stopped, running], 0));
    await lake("dms reload");
    expect(aws.inputs("StartReplicationTask")[0]).toMatchObject({
      StartReplicationTaskType: "reload-target",
    });
  });

  test("refuses a reload while the epoch has files, and leaves a running task alone", async () => {
    aws.reset(dmsAnswers([running], 1));
    await expect(lake("dms reload")).rejects.toThrow(
      /s3:\/\/saas-bronze\/e0001 has the files of a load already.*replication.epoch to 2/,
    );
    expect(aws.inputs("StopReplicationTask")).toEqual([]);
    expect(aws.inputs("StartReplicationTask")).toEqual([]);
  });

  test("stops, and says that the instance is billed on and the source keeps its log", async () => {
    aws.reset(dmsAnswers([running, stopped], 1));
    const output = await lake("dms stop");
    expect(aws.inputs("StopReplicationTask")).toEqual([{ ReplicationTaskArn: TASK_ARN }]);
    expect(output).toContain("the instance is billed by the hour whether its task runs or not");
    expect(output).toContain("write-ahead log");
  });

  test("starts nothing that runs", async () => {
    aws.reset(dmsAnswers([running], 1));
    expect(await lake("dms start")).toBe("replication is running already");
  });

  test("starts serverless replication, which is billed until it is stopped", async () => {
    aws.reset({
      ...dmsAnswers([], 0),
      DescribeReplications: (_, count) => ({
        Replications: [
          { Status: count === 1 ? "ready" : "running", TargetEndpointArn: "arn:target" },
        ],
      }),
      StartReplication: () => ({}),
    });
    const file = outputsFile({ replication: { kind: "serverless", arn: CONFIG_ARN } });
    expect(await lake("dms start", file)).toContain("until ./lake dms stop");
    expect(aws.inputs("StartReplication")).toEqual([
      { ReplicationConfigArn: CONFIG_ARN, StartReplicationType: "start-replication" },
    ]);
  });

  test("shows tables with what was loaded and changed", async () => {
    aws.reset({
      ...dmsAnswers([running], 1),
      DescribeTableStatistics: () => ({
        TableStatistics: [
          {
            SchemaName: "public",
            TableName: "order",
            TableState: "Table completed",
            FullLoadRows: 1200,
            Updates: 7,
          },
        ],
      }),
    });
    const output = await lake("dms status");
    expect(output).toContain("replication is running; full load of 2026-09-21 14:13 UTC done");
    expect(output).toMatch(/public\.order +Table completed +1,200 +0 +7 +0/);
  });

  test("says of a task that is not there what to do", async () => {
    aws.reset({ DescribeReplicationTasks: () => ({ awsError: "ResourceNotFoundFault" }) });
    await expect(lake("dms status")).rejects.toThrow(`DMS has no ${TASK_ARN}`);
  });
});

describe("job", () => {
  const execution = (status: string, more: object = {}) => ({
    executionArn: "arn:run",
    status,
    startDate: 1_790_000_000,
    ...(status === "RUNNING" ? {} : { stopDate: 1_790_000_065 }),
    ...more,
  });
  const history = () => ({
    events: [{ stateEnteredEventDetails: { name: "Silver and gold" }, type: "TaskStateEntered" }],
  });

  test("starts a pass", async () => {
    aws.reset({ StartExecution: () => ({ executionArn: "arn:run" }) });
    expect(await lake("job run")).toBe("started arn:run");
    expect(aws.inputs("StartExecution")[0]).toMatchObject({
      stateMachineArn: "arn:aws:states:us-west-2:123456789012:stateMachine:saas-dev",
    });
  });

  test("has the steps named run by the machine that takes them", async () => {
    aws.reset({ StartExecution: () => ({ executionArn: "arn:run" }) });
    await lake("job run --steps silver,gold");
    expect(aws.inputs("StartExecution")).toEqual([
      {
        stateMachineArn: "arn:aws:states:us-west-2:123456789012:stateMachine:saas-dev-maintenance",
        input: '{"steps":"silver,gold"}',
      },
    ]);
  });

  test("refuses a step that there is not, before AWS is asked", async () => {
    aws.reset({});
    await expect(lake("job run --steps sliver")).rejects.toThrow("did you mean silver?");
    expect(aws.calls).toEqual([]);
  });

  test("waits for the end, and fails with the run's own message", async () => {
    aws.reset({
      StartExecution: () => ({ executionArn: "arn:run" }),
      DescribeExecution: () =>
        execution("FAILED", {
          error: "States.TaskFailed",
          cause: JSON.stringify({ JobRunState: "FAILED", ErrorMessage: "no space left" }),
        }),
      GetExecutionHistory: history,
    });
    const output = await lake("job run --wait");
    expect(output).toContain("failed after 1 min 5 s");
    expect(output).toContain("States.TaskFailed: no space left");
    expect(process.exitCode).toBe(1);
  });

  test("shows the newest executions and runs with what they were billed for", async () => {
    aws.reset({
      ListExecutions: ({ stateMachineArn }) => ({
        executions: String(stateMachineArn).endsWith("maintenance")
          ? []
          : [{ ...execution("SUCCEEDED"), name: "one", stateMachineArn }],
      }),
      GetJobRuns: () => ({
        JobRuns: [{ Id: "jr_1", JobRunState: "FAILED", DPUSeconds: 1800, ErrorMessage: "broken" }],
      }),
    });
    const output = await lake("job status");
    expect(output).toMatch(/pipeline +SUCCEEDED +2026-09-21 14:13:20 +1 min 5 s/);
    expect(output).toMatch(/jr_1 +FAILED .* 0\.50/);
    expect(output).toContain("jr_1: broken");
  });
});

describe("crawl", () => {
  test("starts every crawler; one that runs is as good", async () => {
    aws.reset({
      StartCrawler: ({ Name }) =>
        Name === "saas-dev-bronze" ? {} : { awsError: "CrawlerRunningException" },
    });
    expect(await lake("crawl")).toBe("bronze: started\nsilver-hudi: runs already");
  });

  test("names the crawlers there are", async () => {
    aws.reset({});
    await expect(lake("crawl gold")).rejects.toThrow("expected one of bronze, silver-hudi");
    await expect(lake("crawl", outputsFile({ crawlers: {} }))).rejects.toThrow(
      "the lake has no crawlers",
    );
  });
});

describe("query", () => {
  test("asks Athena as the tenant, in the tenant's workgroup, of the catalog's tables", async () => {
    aws.reset({
      AssumeRole: () => ({
        Credentials: { AccessKeyId: "a", SecretAccessKey: "b", SessionToken: "c" },
      }),
      StartQueryExecution: () => ({ QueryExecutionId: "q" }),
      GetQueryExecution: () => ({
        QueryExecution: { Status: { State: "SUCCEEDED" }, Statistics: { DataScannedInBytes: 10 } },
      }),
      GetQueryResults: () => ({
        ResultSet: {
          ResultSetMetadata: {
            ColumnInfo: [
              { Name: "orders", Type: "bigint" },
              { Name: "total", Type: "decimal", Precision: 12, Scale: 2 },
              { Name: "city", Type: "varchar" },
            ],
          },
          Rows: [
            {
              Data: [
                { VarCharValue: "orders" },
                { VarCharValue: "total" },
                { VarCharValue: "city" },
              ],
            },
            { Data: [{ VarCharValue: "3" }, { VarCharValue: "10.50" }, {}] },
          ],
        },
      }),
    });
    const program = new Command("lake");
    commands.query.register(program);
    const sql = "SELECT count(*) AS orders FROM silver.core_order";
    await program.parseAsync(
      ["query", sql, "--as", "tenant_3", "--json", "--outputs", outputsFile()],
      { from: "user" },
    );
    expect(JSON.parse(printed.join(""))).toEqual([{ orders: 3, total: "10.50", city: null }]);
    expect(aws.inputs("AssumeRole")[0]).toMatchObject({ RoleArn: role("tenant-3") });
    expect(aws.inputs("StartQueryExecution")[0]).toMatchObject({
      QueryString: "SELECT count(*) AS orders FROM saas_dev_silver.core_order",
      WorkGroup: "saas-dev-tenant-3",
    });
  });

  test("gives Athena's own words for a query that fails", async () => {
    aws.reset({
      StartQueryExecution: () => ({ QueryExecutionId: "q" }),
      GetQueryExecution: () => ({
        QueryExecution: {
          Status: { State: "FAILED", StateChangeReason: "COLUMN_NOT_FOUND: line 1:8" },
        },
      }),
    });
    await expect(lake("query cities --as analyst")).rejects.toThrow(/cities/);
    const program = new Command("lake");
    commands.query.register(program);
    await expect(
      program.parseAsync(["query", "SELECT x", "--as", "analyst", "--outputs", outputsFile()], {
        from: "user",
      }),
    ).rejects.toThrow("COLUMN_NOT_FOUND: line 1:8");
  });

  test("knows the users there are", async () => {
    aws.reset({});
    await expect(lake("query best_sellers --as tenant_9")).rejects.toThrow(
      "expected one of admin, analyst, tenant_3",
    );
  });
});

describe("credentials", () => {
  test("of another account are refused before anything is asked", async () => {
    aws.reset({ GetCallerIdentity: () => ({ Account: "999999999999", Arn: "arn:other" }) });
    await expect(lake("job run")).rejects.toThrow(
      "the credentials are of account 999999999999 (arn:other), and dev is in 123456789012",
    );
    expect(aws.calls.map(({ operation }) => operation)).toEqual(["GetCallerIdentity"]);
  });

  test.each([
    ["ExpiredToken", "the AWS credentials have expired"],
    ["InvalidClientTokenId", "AWS does not accept these credentials"],
    ["AccessDenied", "AWS refuses GetCallerIdentity: said so"],
  ])("that answer %s are explained", async (error, sentence) => {
    aws.reset({ GetCallerIdentity: () => ({ awsError: error, message: "said so" }) });
    await expect(lake("job run")).rejects.toThrow(sentence);
  });

  test("an endpoint that does not answer is explained", () => {
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    const call = { operation: "GetCallerIdentity", service: "STS", region: "us-west-2" };
    expect(explainAwsError(refused, call)).toEqual(
      new UserError(
        "STS in us-west-2 could not be reached (ECONNREFUSED); check the network and the region",
      ),
    );
  });
});
