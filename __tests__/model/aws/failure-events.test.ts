import {
  agentsOffline,
  jobFailed,
  replicationStopped,
  transferFailed,
} from "../../../model/aws/failure-events";

test("a run of the job that does not end well is told, whatever ended it", () => {
  expect(jobFailed("saas-dev")).toEqual({
    pattern: {
      source: ["aws.glue"],
      "detail-type": ["Glue Job State Change"],
      detail: { jobName: ["saas-dev"], state: ["FAILED", "TIMEOUT", "ERROR"] },
    },
    values: { run: "$.detail.jobRunId", state: "$.detail.state" },
    message: "AWS Glue job saas-dev: run <run> ended with <state>.",
  });
});

test("a replication tells its end under its task, a serverless one under its configuration", () => {
  const task = replicationStopped({ instanceId: "i", taskArn: "arn:task" });
  expect(task.pattern).toEqual({
    source: ["aws.dms"],
    "detail-type": ["DMS Replication Task State Change"],
    resources: ["arn:task"],
    detail: {
      $or: [
        { category: ["Failure"] },
        { eventType: ["REPLICATION_TASK_STOPPED", "REPLICATION_TASK_FAILED"] },
      ],
    },
  });
  const serverless = replicationStopped({ configArn: "arn:config" });
  expect(serverless.pattern).toMatchObject({
    "detail-type": ["DMS Replication State Change"],
    resources: ["arn:config"],
    detail: {
      $or: [
        { category: ["Failure"] },
        { eventType: ["REPLICATION_STOPPED", "REPLICATION_FAILED"] },
      ],
    },
  });
});

test("a transfer tells its failure under its execution, an agent under its own ARN", () => {
  expect(transferFailed("arn:task/task-1").pattern).toEqual({
    source: ["aws.datasync"],
    "detail-type": ["DataSync Task Execution State Change"],
    resources: [{ prefix: "arn:task/task-1/" }],
    detail: { State: ["ERROR"] },
  });
  expect(agentsOffline(["arn:agent/a", "arn:agent/b"]).pattern).toEqual({
    source: ["aws.datasync"],
    "detail-type": ["DataSync Agent State Change"],
    resources: ["arn:agent/a", "arn:agent/b"],
    detail: { State: [{ "equals-ignore-case": "OFFLINE" }] },
  });
});

test("a message names no value that the event does not give", () => {
  for (const { message, values } of [
    jobFailed("saas-dev"),
    replicationStopped({ configArn: "arn:config" }),
    transferFailed("arn:task/task-1"),
    agentsOffline(["arn:agent"]),
  ]) {
    const named = [...message.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect(named).toEqual(Object.keys(values));
  }
});
