import * as aws from "@pulumi/aws";

import { Monitoring, type MonitoringArgs } from "../../components/monitoring";
import { recordResources, type Registered, settled } from "../pulumi-mocks";

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

const inputsOf = (type: string) =>
  registered.filter((resource) => resource.type === type).map(({ inputs }) => inputs);
const alarm = (name: string) =>
  inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm").find((inputs) => inputs.name === name);

const monitor = (args: Partial<MonitoringArgs> = {}) =>
  new Monitoring("saas-dev", {
    lake: "saas",
    environment: "dev",
    topic: new aws.sns.Topic("alerts"),
    freshnessMinutes: 60,
    qualityThreshold: 0.9,
    jobName: "saas-dev",
    stateMachineArn: "arn:aws:states:eu-central-1:123456789012:stateMachine:saas-dev",
    maintenanceArn: "arn:aws:states:eu-central-1:123456789012:stateMachine:saas-dev-maintenance",
    buckets: { bronze: new aws.s3.Bucket("saas-dev-bronze") },
    ...args,
  });

const TASK = {
  instanceId: "saas-dev",
  taskArn: "arn:aws:dms:eu-central-1:123456789012:task:ABC123",
};

test("alarms tell the topic when they go off and when they end", async () => {
  monitor();
  await settled();
  const topic = ["arn:aws:mock:::alerts"];
  const alarms = inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm");
  expect(alarms.map(({ name }) => name).sort()).toEqual([
    "saas-dev-pipeline-failed",
    "saas-dev-quality",
    "saas-dev-silent",
    "saas-dev-size-bronze",
    "saas-dev-stale",
    "saas-dev-valid-rows",
  ]);
  for (const { alarmActions, okActions } of alarms) {
    expect([alarmActions, okActions]).toEqual([topic, topic]);
  }
});

test("an alarm compares one metric, or an expression over several", async () => {
  monitor();
  await settled();
  expect(alarm("saas-dev-silent")).toMatchObject({
    namespace: "Lakewright/saas/dev",
    metricName: "FreshnessMinutes",
    dimensions: { Lake: "saas", Environment: "dev" },
    statistic: "SampleCount",
    period: 3600,
    evaluationPeriods: 2,
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    treatMissingData: "breaching",
  });
  const failed = alarm("saas-dev-pipeline-failed");
  expect(failed.comparisonOperator).toBe("GreaterThanThreshold");
  expect(failed.metricQueries).toHaveLength(5);
  expect(failed.metricQueries[0]).toMatchObject({
    id: "result",
    expression: "SUM([failed, timedOut, maintenanceFailed, maintenanceTimedOut])",
    returnData: true,
  });
  expect(failed.metricQueries[1].metric).toMatchObject({
    metricName: "ExecutionsFailed",
    period: 300,
    stat: "Sum",
  });
  expect(failed.metricName).toBeUndefined();
});

test("thresholds follow the wanted freshness, or the settings", async () => {
  monitor({ replication: TASK, workgroups: ["saas-dev"] });
  await settled();
  const threshold = (name: string) => alarm(`saas-dev-${name}`).threshold;
  const defaults = ["cdc-latency-target", "failed-queries-saas-dev", "scanned-saas-dev"];
  expect([...defaults, "size-bronze", "quality"].map(threshold)).toEqual([
    1800, 10, 250e9, 500e9, 90,
  ]);
  registered = recordResources();
  monitor({
    replication: TASK,
    workgroups: ["saas-dev"],
    freshnessMinutes: 5,
    staleMinutes: 15,
    failedQueriesPerHour: 1,
    scannedGbPerHour: 2,
    bucketGb: 3,
  });
  await settled();
  expect([...defaults, "size-bronze", "stale"].map(threshold)).toEqual([300, 1, 2e9, 3e9, 15]);
});

test("the replication is watched by its task's resource id, and its end is told", async () => {
  monitor({ replication: TASK, latencySeconds: 42 });
  await settled();
  expect(alarm("saas-dev-cdc-latency-source")).toMatchObject({
    threshold: 42,
    dimensions: {
      ReplicationInstanceIdentifier: "saas-dev",
      ReplicationTaskIdentifier: "ABC123",
    },
  });
  expect(alarm("saas-dev-replication-stopped")).toBeDefined();
  const rules = inputsOf("aws:cloudwatch/eventRule:EventRule").map(({ eventPattern }) =>
    JSON.parse(eventPattern),
  );
  expect(rules.map((rule) => rule.source[0])).toEqual(["aws.glue", "aws.dms"]);
  expect(rules[1].resources).toEqual([TASK.taskArn]);
});

test("a replication that is stopped between loads has no alarm for standing still", async () => {
  monitor({ replication: TASK, continuousReplication: false });
  await settled();
  expect(alarm("saas-dev-replication-stopped")).toBeUndefined();
});

test("events reach the topic as a sentence", async () => {
  monitor();
  await settled();
  expect(inputsOf("aws:cloudwatch/eventTarget:EventTarget")).toEqual([
    {
      rule: "saas-dev-job-failed",
      arn: "arn:aws:mock:::alerts",
      inputTransformer: {
        inputPaths: { run: "$.detail.jobRunId", state: "$.detail.state" },
        inputTemplate: '"AWS Glue job saas-dev: run <run> ended with <state>."',
      },
    },
  ]);
});

test("a transfer of files that fails is told, an agent that is offline, and both are drawn", async () => {
  const place = "arn:aws:datasync:eu-central-1:123456789012";
  monitor({
    transfer: { taskArn: `${place}:task/task-1`, agentArns: [`${place}:agent/agent-1`] },
  });
  await settled();
  const rules = inputsOf("aws:cloudwatch/eventRule:EventRule").slice(1);
  expect(rules.map(({ name }) => name)).toEqual([
    "saas-dev-transfer-failed",
    "saas-dev-agent-offline",
  ]);
  expect(rules.map(({ eventPattern }) => JSON.parse(eventPattern).resources)).toEqual([
    [{ prefix: `${place}:task/task-1/` }],
    [`${place}:agent/agent-1`],
  ]);
  const [{ dashboardBody }] = inputsOf("aws:cloudwatch/dashboard:Dashboard");
  const files = JSON.parse(dashboardBody).widgets[1].properties;
  expect(files.title).toBe("Dropped files transferred");
  expect(files.metrics).toEqual([
    ["AWS/DataSync", "FilesTransferred", "TaskId", "task-1", { stat: "Sum", label: "files" }],
  ]);
});

test("the dashboard shows every alarm and has an address", async () => {
  const { dashboardUrl } = monitor();
  const url = await new Promise((resolve) => dashboardUrl.apply(resolve));
  await settled();
  expect(url).toBe(
    "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/saas-dev",
  );
  const [{ dashboardName, dashboardBody }] = inputsOf("aws:cloudwatch/dashboard:Dashboard");
  expect(dashboardName).toBe("saas-dev");
  const [alarms, ...figures] = JSON.parse(dashboardBody).widgets;
  expect(alarms.properties.alarms).toHaveLength(6);
  expect(alarms.properties.alarms[0]).toBe("arn:aws:mock:::saas-dev-pipeline-failed");
  expect(figures.at(-1).properties.title).toBe("Size of the buckets (bytes)");
});

test("buckets report their requests only where that is wanted", async () => {
  monitor();
  await settled();
  expect(inputsOf("aws:s3/bucketMetric:BucketMetric")).toEqual([]);
  registered = recordResources();
  monitor({ bucketRequests: true });
  await settled();
  expect(inputsOf("aws:s3/bucketMetric:BucketMetric")).toEqual([
    { bucket: "saas-dev-bronze", name: "EntireBucket" },
  ]);
});
