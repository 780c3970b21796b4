import * as aws from "@pulumi/aws";

import { LakeBuckets } from "../../components/lake-buckets";
import { Orchestration, type OrchestrationArgs } from "../../components/orchestration";
import { loadLake } from "../../lakes/load";
import { recordResources, type Registered, settled } from "../pulumi-mocks";

const { manifest } = loadLake("saas");

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

function args(more: Partial<OrchestrationArgs> = {}): OrchestrationArgs {
  const { buckets, key } = new LakeBuckets("lake");
  const command = { scriptLocation: "s3://scripts/lake_job.py" };
  return {
    stateMachineName: "saas-dev",
    manifest,
    job: new aws.glue.Job("job", { name: "saas-dev", roleArn: "arn:role", command }),
    topic: new aws.sns.Topic("alerts"),
    bronze: buckets.bronze,
    key,
    replication: { kind: "task", arn: "arn:task", epoch: "e0001" },
    ...more,
  };
}

async function orchestrate(more: Partial<OrchestrationArgs> = {}): Promise<void> {
  new Orchestration("saas-dev", args(more));
  await settled();
}

function all(type: string): Record<string, Registered["inputs"]> {
  const found = registered.filter((resource) => resource.type === type);
  return Object.fromEntries(found.map(({ name, inputs }) => [name, inputs]));
}

function statements(policy: string): Registered["inputs"] {
  return JSON.parse(all("aws:iam/rolePolicy:RolePolicy")[policy].policy).Statement;
}

test("a lake has a state machine to bring it up to date and one to maintain it", async () => {
  await orchestrate();
  const machines = all("aws:sfn/stateMachine:StateMachine");
  expect(Object.values(machines).map(({ name }) => name)).toEqual([
    "saas-dev",
    "saas-dev-maintenance",
  ]);
  const { definition } = machines["saas-dev-pipeline"];
  const { States } = JSON.parse(definition);
  expect(States["Silver and gold"].Arguments.JobName).toBe("saas-dev");
  expect(States["Silver and gold"].Retry[0].MaxAttempts).toBe(360);
  expect(States["Wait for changes made meanwhile"].Seconds).toBe(120);
  expect(States["Find finished load"].Arguments.Bucket).toBe("lake-bronze");
  expect(States.Notify.Arguments.TopicArn).toBe("arn:aws:mock:::alerts");
  const maintain = JSON.parse(machines["saas-dev-maintenance"].definition).States.Maintain;
  expect(maintain.Retry[0].MaxAttempts).toBe(1440);
  for (const [name, run] of [
    ["pipeline", "Silver and gold"],
    ["maintenance", "Maintain"],
  ]) {
    const { States: states } = JSON.parse(machines[`saas-dev-${name}`].definition);
    expect(states[`${run}: again?`].Choices[0].Condition).toContain("$repeated >= 1 ");
  }
});

test("executions are logged, encrypted with the lake's key, for a time", async () => {
  await orchestrate({ logDays: 7 });
  expect(all("aws:cloudwatch/logGroup:LogGroup")).toEqual({
    "saas-dev-pipeline": {
      name: "/aws/vendedlogs/states/saas-dev",
      retentionInDays: 7,
      kmsKeyId: "arn:aws:mock:::lake-key",
    },
    "saas-dev-maintenance": {
      name: "/aws/vendedlogs/states/saas-dev-maintenance",
      retentionInDays: 7,
      kmsKeyId: "arn:aws:mock:::lake-key",
    },
  });
  const machine = all("aws:sfn/stateMachine:StateMachine")["saas-dev-pipeline"];
  expect(machine.loggingConfiguration).toEqual({
    level: "ALL",
    includeExecutionData: true,
    logDestination: "arn:aws:mock:::saas-dev-pipeline:*",
  });
});

test("by default it runs hourly, maintains nightly and lists all of bronze weekly", async () => {
  await orchestrate();
  const schedules = Object.values(all("aws:scheduler/schedule:Schedule"));
  expect(
    schedules.map(({ scheduleExpression, state, target }) => ({
      scheduleExpression,
      state,
      arn: target.arn,
      input: JSON.parse(target.input),
    })),
  ).toEqual([
    {
      scheduleExpression: "rate(60 minutes)",
      state: "ENABLED",
      arn: "arn:aws:mock:::saas-dev-pipeline",
      input: { trigger: "schedule" },
    },
    {
      scheduleExpression: "cron(30 2 * * ? *)",
      state: "ENABLED",
      arn: "arn:aws:mock:::saas-dev-maintenance",
      input: { steps: "silver,gold,maintain" },
    },
    {
      scheduleExpression: "cron(30 4 ? * SUN *)",
      state: "ENABLED",
      arn: "arn:aws:mock:::saas-dev-maintenance",
      input: { steps: "relist,gold" },
    },
  ]);
  expect(all("aws:sqs/queue:Queue")).toEqual({});
});

test("schedules are as they are set, and may be off", async () => {
  await orchestrate({ everyMinutes: 1, maintenance: "rate(1 day)", scheduled: false });
  const schedules = Object.values(all("aws:scheduler/schedule:Schedule"));
  expect(schedules.map(({ scheduleExpression }) => scheduleExpression)).toEqual([
    "rate(1 minute)",
    "rate(1 day)",
    "cron(30 4 ? * SUN *)",
  ]);
  expect(schedules.map(({ state }) => state)).toEqual(["DISABLED", "DISABLED", "DISABLED"]);
});

test("each role is taken on by its service, for this account alone", async () => {
  await orchestrate({ trigger: "arrival" });
  const roles = Object.entries(all("aws:iam/role:Role")).map(([name, { assumeRolePolicy }]) => {
    const [{ Principal, Condition }] = JSON.parse(assumeRolePolicy).Statement;
    expect(Condition).toEqual({ StringEquals: { "aws:SourceAccount": "123456789012" } });
    return [name, Principal.Service];
  });
  expect(Object.fromEntries(roles)).toEqual({
    "saas-dev-pipeline": "states.amazonaws.com",
    "saas-dev-maintenance": "states.amazonaws.com",
    "saas-dev-schedule": "scheduler.amazonaws.com",
    "saas-dev-arrivals": "pipes.amazonaws.com",
  });
});

test("rights are on this lake's job, state machine, replication and crawlers", async () => {
  await orchestrate({ crawlers: ["saas-dev-bronze"] });
  const rights = Object.fromEntries(
    statements("saas-dev-pipeline").map((one: Record<string, unknown>) => [one.Sid, one.Resource]),
  );
  expect(rights).toMatchObject({
    RunJob: "arn:aws:mock:::job",
    FindExecutions: [
      "arn:aws:states:eu-central-1:123456789012:stateMachine:saas-dev",
      "arn:aws:states:eu-central-1:123456789012:mapRun:saas-dev/*:*",
    ],
    StartCrawlers: ["arn:aws:glue:eu-central-1:123456789012:crawler/saas-dev-bronze"],
    AskReplication: "arn:task",
    UseBucketKey: "arn:aws:mock:::lake-key",
  });
  expect(statements("saas-dev-schedule")).toEqual([
    {
      Sid: "StartExecution",
      Effect: "Allow",
      Action: "states:StartExecution",
      Resource: ["arn:aws:mock:::saas-dev-pipeline", "arn:aws:mock:::saas-dev-maintenance"],
    },
  ]);
});

test("arriving files are gathered by a queue and a pipe into one execution", async () => {
  await orchestrate({ trigger: "arrival" });
  expect(all("aws:s3/bucketNotification:BucketNotification")["saas-dev-arrivals"]).toEqual({
    bucket: "lake-bronze-id",
    queues: [
      {
        queueArn: "arn:aws:mock:::saas-dev-arrivals",
        events: ["s3:ObjectCreated:*"],
        filterSuffix: ".parquet",
      },
    ],
  });
  expect(all("aws:sqs/queue:Queue")["saas-dev-arrivals"]).toEqual({
    sqsManagedSseEnabled: true,
    messageRetentionSeconds: 345_600,
    visibilityTimeoutSeconds: 420,
  });
  const [notifies, tls] = JSON.parse(
    all("aws:sqs/queuePolicy:QueuePolicy")["saas-dev-arrivals"].policy,
  ).Statement;
  expect(notifies).toMatchObject({
    Principal: { Service: "s3.amazonaws.com" },
    Action: "sqs:SendMessage",
    Condition: {
      ArnEquals: { "aws:SourceArn": "arn:aws:mock:::lake-bronze" },
      StringEquals: { "aws:SourceAccount": "123456789012" },
    },
  });
  expect(tls).toMatchObject({
    Effect: "Deny",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
  expect(all("aws:pipes/pipe:Pipe")["saas-dev-arrivals"]).toEqual({
    roleArn: "arn:aws:mock:::saas-dev-arrivals",
    source: "arn:aws:mock:::saas-dev-arrivals",
    sourceParameters: {
      sqsQueueParameters: { batchSize: 1000, maximumBatchingWindowInSeconds: 60 },
    },
    target: "arn:aws:mock:::saas-dev-pipeline",
    targetParameters: {
      inputTemplate: '{"trigger":"arrival"}',
      stepFunctionStateMachineParameters: { invocationType: "FIRE_AND_FORGET" },
    },
  });
  expect(Object.keys(all("aws:scheduler/schedule:Schedule"))).toEqual([
    "saas-dev-maintenance",
    "saas-dev-relisting",
  ]);
});

test("of a bucket that holds more, files of bronze alone start executions", async () => {
  await orchestrate({ trigger: "arrival", folder: "raw/database" });
  const { queues } = all("aws:s3/bucketNotification:BucketNotification")["saas-dev-arrivals"];
  expect(queues[0]).toMatchObject({ filterPrefix: "raw/database/", filterSuffix: ".parquet" });
});

test("dropped files start executions too, where the lake has some", async () => {
  await orchestrate({ trigger: "arrival", files: "files/" });
  const { queues } = all("aws:s3/bucketNotification:BucketNotification")["saas-dev-arrivals"];
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

test("bronze as CSV starts executions by its own files", async () => {
  await orchestrate({ trigger: "arrival", manifest: { ...manifest, bronze_format: "csv" } });
  const { queues } = all("aws:s3/bucketNotification:BucketNotification")["saas-dev-arrivals"];
  expect(queues).toMatchObject([{ filterSuffix: ".csv.gz" }]);
});

test.each<[string, Partial<OrchestrationArgs>, RegExp]>([
  ["a schedule of seconds", { everyMinutes: 0.5 }, /everyMinutes is 0.5/],
  ["gathering for longer than a pipe can", { gatherSeconds: 301 }, /1 to 300 seconds/],
  [
    "files in a folder that begins as epochs do",
    { trigger: "arrival", files: "exports/" },
    /dropped files are in exports\/, .* give the zone `files` another name/,
  ],
  ["a watch for each arrival", { trigger: "arrival", runs: "watch" }, /trigger "schedule"/],
])("%s is the user's mistake", async (_, more, message) => {
  const given = args(more);
  await settled();
  expect(() => new Orchestration("saas-dev", given)).toThrow(message);
});
