import { type Alarm, lakeAlarms, percent } from "../../../model/aws/alarms";
import { replicationDimensions } from "../../../model/aws/metrics";
import { THRESHOLDS, WATCHED } from "./watched-lake";

const alarms = lakeAlarms(WATCHED, THRESHOLDS);
const named = (name: string, among: readonly Alarm[] = alarms) =>
  among.find((alarm) => alarm.name === name)!;
const rule = ({ is, threshold, periodSeconds, periods, noData }: Alarm) => ({
  is,
  threshold,
  over: `${periods} x ${periodSeconds} s`,
  noData,
});

test("every link of the data's way has its alarm", () => {
  expect(alarms.map(({ name }) => name)).toEqual([
    "cdc-latency-source",
    "cdc-latency-target",
    "replication-stopped",
    "pipeline-failed",
    "stale",
    "silent",
    "quality",
    "valid-rows",
    "failed-queries-saas-dev",
    "scanned-saas-dev",
    "size-bronze",
  ]);
});

test("what no longer reports is an alarm where it should report", () => {
  const dead = alarms.filter(({ noData }) => noData === "breaching").map(({ name }) => name);
  expect(dead).toEqual(["replication-stopped", "silent"]);
  expect(named("replication-stopped").measured).toEqual({
    namespace: "AWS/DMS",
    name: "CPUUtilization",
    dimensions: {
      ReplicationInstanceIdentifier: "saas-dev",
      ReplicationTaskIdentifier: "ABC123",
    },
    statistic: "SampleCount",
  });
  expect(rule(named("replication-stopped"))).toEqual({
    is: "below",
    threshold: 1,
    over: "3 x 300 s",
    noData: "breaching",
  });
});

test("a replication that is stopped between loads may be silent", () => {
  const onDemand = lakeAlarms(WATCHED, { ...THRESHOLDS, continuousReplication: false });
  expect(named("replication-stopped", onDemand)).toBeUndefined();
  expect(named("cdc-latency-target", onDemand)).toBeDefined();
});

test("a lake without a replication has no alarms for one", () => {
  const files = { ...WATCHED, replication: undefined };
  expect(lakeAlarms(files, THRESHOLDS)[0]!.name).toBe("pipeline-failed");
});

test("changes that wait too long, at the source or the target, are an alarm that a stop does not end", () => {
  for (const [side, metric] of [
    ["source", "CDCLatencySource"],
    ["target", "CDCLatencyTarget"],
  ]) {
    const alarm = named(`cdc-latency-${side}`);
    expect(alarm.measured).toMatchObject({ name: metric, statistic: "Maximum" });
    expect(rule(alarm)).toEqual({
      is: "above",
      threshold: 1800,
      over: "3 x 300 s",
      noData: "ignore",
    });
  }
});

test("one failed or timed out execution is an alarm, of maintenance too", () => {
  const { measured } = named("pipeline-failed");
  const counted = (name: string, StateMachineArn: string) => ({
    namespace: "AWS/States",
    name,
    dimensions: { StateMachineArn },
    statistic: "Sum",
  });
  const { stateMachineArn, maintenanceArn } = WATCHED;
  expect(measured).toEqual({
    expression: "SUM([failed, timedOut, maintenanceFailed, maintenanceTimedOut])",
    metrics: {
      failed: counted("ExecutionsFailed", stateMachineArn),
      timedOut: counted("ExecutionsTimedOut", stateMachineArn),
      maintenanceFailed: counted("ExecutionsFailed", maintenanceArn),
      maintenanceTimedOut: counted("ExecutionsTimedOut", maintenanceArn),
    },
  });
  expect(rule(named("pipeline-failed"))).toEqual({
    is: "above",
    threshold: 0,
    over: "1 x 300 s",
    noData: "notBreaching",
  });
});

test("a lake that is behind, or whose job is silent for twice the wanted freshness, is an alarm", () => {
  const measured = {
    namespace: "Lakewright/saas/dev",
    dimensions: { Lake: "saas", Environment: "dev" },
  };
  expect(named("stale").measured).toEqual({
    ...measured,
    name: "FreshnessMinutes",
    statistic: "Maximum",
  });
  // The interval, a quarter of it for the file, and the run.
  expect(rule(named("stale"))).toMatchObject({ is: "above", threshold: 85, noData: "ignore" });
  const stale = (freshnessMinutes: number) =>
    rule(named("stale", lakeAlarms({ ...WATCHED, freshnessMinutes }, THRESHOLDS))).threshold;
  expect([1, 10, 1440].map(stale)).toEqual([3, 23, 1465]);
  const agreed = lakeAlarms(WATCHED, { ...THRESHOLDS, staleMinutes: 15 });
  expect(named("stale", agreed)).toMatchObject({
    description: "A change took more than 15 minutes to become readable, where 60 are wanted.",
    threshold: 15,
  });
  expect(named("silent").measured).toMatchObject({ ...measured, statistic: "SampleCount" });
  const silence = (freshnessMinutes: number) =>
    rule(named("silent", lakeAlarms({ ...WATCHED, freshnessMinutes }, THRESHOLDS))).over;
  expect(silence(60)).toBe("2 x 3600 s");
  expect(silence(1)).toBe("2 x 300 s");
  expect(silence(1440)).toBe("2 x 86400 s");
  expect(silence(3 * 1440)).toBe("6 x 86400 s");
  expect(silence(10 * 1440)).toBe("7 x 86400 s");
});

test("a job that no clock starts is silent after two nights, and never where nothing starts it", () => {
  const arrival = named("silent", lakeAlarms({ ...WATCHED, trigger: "arrival" }, THRESHOLDS));
  expect(rule(arrival)).toMatchObject({ over: "2 x 86400 s", noData: "breaching" });
  expect(arrival.description).toContain("two days");
  const names = lakeAlarms({ ...WATCHED, trigger: "none" }, THRESHOLDS).map(({ name }) => name);
  expect(names).not.toContain("silent");
  expect(names).toContain("stale");
});

test("shares below the wanted ones are alarms until a run is good again", () => {
  expect(named("quality").measured).toMatchObject({ name: "QualityShare", statistic: "Minimum" });
  expect(rule(named("quality"))).toMatchObject({ is: "below", threshold: 95, noData: "ignore" });
  expect(named("valid-rows").measured).toMatchObject({ name: "ValidShare", statistic: "Minimum" });
  expect(rule(named("valid-rows"))).toMatchObject({ is: "below", threshold: 99, noData: "ignore" });
});

test("failed queries and scanned bytes are counted by workgroup and hour", () => {
  expect(named("failed-queries-saas-dev").measured).toEqual({
    namespace: "AWS/Athena",
    name: "TotalExecutionTime",
    dimensions: { WorkGroup: "saas-dev", QueryState: "FAILED", QueryType: "DML" },
    statistic: "SampleCount",
  });
  expect(rule(named("failed-queries-saas-dev"))).toEqual({
    is: "above",
    threshold: 10,
    over: "1 x 3600 s",
    noData: "notBreaching",
  });
  expect(named("scanned-saas-dev").measured).toEqual({
    namespace: "AWS/Athena",
    name: "ProcessedBytes",
    dimensions: { WorkGroup: "saas-dev" },
    statistic: "Sum",
  });
  expect(named("scanned-saas-dev").threshold).toBe(250e9);
});

test("a bucket's size is that of all storage classes its objects may be in", () => {
  const { measured, threshold, periodSeconds } = named("size-bronze");
  const stored = (StorageType: string) => ({
    namespace: "AWS/S3",
    name: "BucketSizeBytes",
    dimensions: { BucketName: "saas-dev-bronze-1", StorageType },
    statistic: "Average",
  });
  expect(measured).toEqual({
    expression: "SUM([standard, infrequent, instant])",
    metrics: {
      standard: stored("StandardStorage"),
      infrequent: stored("StandardIAStorage"),
      instant: stored("GlacierInstantRetrievalStorage"),
    },
  });
  expect([threshold, periodSeconds]).toEqual([500e9, 86400]);
});

test("a serverless replication reports under its account and resource id", () => {
  const configArn = "arn:aws:dms:eu-central-1:123456789012:replication-config:ABC123";
  expect(replicationDimensions({ configArn })).toEqual({
    ReplicationConfigId: "123456789012:ABC123",
  });
});

test("percents are free of the noise of binary fractions", () => {
  expect([0.57, 0.95, 0.999].map(percent)).toEqual([57, 95, 99.9]);
});
