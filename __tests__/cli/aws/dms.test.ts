import { deployedCli } from "./deployed-cli";
import { CONFIG_ARN, outputsFile, TASK_ARN } from "./deployed-values";

const { aws, lake } = deployedCli();

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
  const file = outputsFile({
    replication: { kind: "serverless", arn: CONFIG_ARN, captureDdl: false },
  });
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
