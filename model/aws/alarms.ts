import {
  executionsMetric,
  jobMetric,
  type Metric,
  type MonitoredLake,
  replicationMetric,
  STORAGE_TYPES,
} from "./metrics";
import { batchInterval } from "./replication-endpoints";

/** Metrics by id and the expression over them that is compared. */
export interface MetricMath<Id = string> {
  readonly expression: string;
  readonly metrics: Readonly<Record<string, Metric<Id>>>;
}

/** An alarm: when what is measured is above or below the threshold for all of the periods. */
export interface Alarm<Id = string> {
  /** Told apart from the lake's other alarms by it. */
  readonly name: string;
  /** What happened and where to look, for who gets the alert. */
  readonly description: string;
  readonly measured: Metric<Id> | MetricMath<Id>;
  readonly is: "above" | "below";
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly periods: number;
  /**
   * What no data means. `breaching`: what should report is dead. `notBreaching`: nothing of the kind
   * happened. `ignore`: the alarm stays as it is, for values that come once a run.
   */
  readonly noData: "breaching" | "notBreaching" | "ignore";
}

/** When the alarms that are no consequence of the lake's definition go off. */
export interface AlarmThresholds {
  readonly latencySeconds: number;
  /** How old a change may be when it becomes readable; what the wanted freshness allows if absent. */
  readonly staleMinutes?: number | undefined;
  readonly failedQueriesPerHour: number;
  readonly scannedGbPerHour: number;
  readonly bucketGb: number;
  /** Whether a replication that does not run is a fault. */
  readonly continuousReplication: boolean;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const GB = 1e9;

/** Percent of the rows that must pass the row-level rules. */
export const VALID_SHARE = 99;

/** A share of 0 to 1 in percent, free of the noise of binary fractions. */
export function percent(share: number): number {
  return Math.round(share * 1e6) / 1e4;
}

/** A lake's alarms, in the order of its data's way. */
export function lakeAlarms<Id>(lake: MonitoredLake<Id>, thresholds: AlarmThresholds): Alarm<Id>[] {
  return [
    ...(lake.replication ? replicationAlarms(lake.replication, thresholds) : []),
    failedAlarm(lake),
    ...freshnessAlarms(lake, thresholds),
    ...qualityAlarms(lake),
    ...lake.workgroups.flatMap((workgroup) => queryAlarms<Id>(workgroup, thresholds)),
    ...Object.entries(lake.buckets).map(([content, bucket]) =>
      sizeAlarm(content, bucket, thresholds),
    ),
  ];
}

function replicationAlarms<Id>(
  dimensions: Readonly<Record<string, Id>>,
  { latencySeconds, continuousReplication }: AlarmThresholds,
): Alarm<Id>[] {
  const latency = (side: "source" | "target", metric: string, cause: string): Alarm<Id> => ({
    name: `cdc-latency-${side}`,
    description: `Changes wait more than ${latencySeconds} s ${cause}.`,
    measured: replicationMetric(dimensions, metric, "Maximum"),
    is: "above",
    threshold: latencySeconds,
    periodSeconds: 5 * MINUTE,
    periods: 3,
    // Reported while changes are replicated alone; a replication that stopped has its own alarm.
    noData: "ignore",
  });
  const stopped: Alarm<Id> = {
    name: "replication-stopped",
    description:
      "AWS DMS has reported nothing for 15 minutes: the replication does not run, while the source keeps its write-ahead log for it.",
    measured: replicationMetric(dimensions, "CPUUtilization", "SampleCount"),
    is: "below",
    threshold: 1,
    periodSeconds: 5 * MINUTE,
    periods: 3,
    noData: "breaching",
  };
  return [
    latency("source", "CDCLatencySource", "to be read from the source's write-ahead log"),
    latency("target", "CDCLatencyTarget", "to be written to bronze"),
    ...(continuousReplication ? [stopped] : []),
  ];
}

function failedAlarm<Id>({ stateMachineArn, maintenanceArn }: MonitoredLake<Id>): Alarm<Id> {
  const metrics = {
    failed: executionsMetric(stateMachineArn, "ExecutionsFailed"),
    timedOut: executionsMetric(stateMachineArn, "ExecutionsTimedOut"),
    maintenanceFailed: executionsMetric(maintenanceArn, "ExecutionsFailed"),
    maintenanceTimedOut: executionsMetric(maintenanceArn, "ExecutionsTimedOut"),
  };
  return {
    name: "pipeline-failed",
    description:
      "An execution of the lake's state machine, or of its maintenance's, failed or timed out.",
    measured: { expression: `SUM([${Object.keys(metrics).join(", ")}])`, metrics },
    is: "above",
    threshold: 0,
    periodSeconds: 5 * MINUTE,
    periods: 1,
    noData: "notBreaching",
  };
}

/** Minutes that a run takes, or the wanted freshness where that is less: a job that goes on. */
const RUN_MINUTES = 10;

/**
 * How old a change can be in normal operation when it becomes readable: it waits for its file, then
 * for the next run, and then for that run's end.
 */
function oldestMinutes(wanted: number): number {
  return Math.ceil(wanted + batchInterval(wanted) / 60 + Math.min(RUN_MINUTES, wanted));
}

function freshnessAlarms<Id>(
  lake: MonitoredLake<Id>,
  { staleMinutes }: AlarmThresholds,
): Alarm<Id>[] {
  const minutes = lake.freshnessMinutes;
  const oldest = staleMinutes ?? oldestMinutes(minutes);
  const silent = lake.trigger === "none" ? [] : [silentAlarm(lake)];
  return [
    {
      name: "stale",
      description: `A change took more than ${oldest} minutes to become readable, where ${minutes} are wanted.`,
      measured: jobMetric(lake, "FreshnessMinutes", "Maximum"),
      is: "above",
      threshold: oldest,
      periodSeconds: 5 * MINUTE,
      periods: 1,
      noData: "ignore",
    },
    ...silent,
  ];
}

/** Where files start passes, none may come for long: the nightly run alone is sure. */
function silentAlarm<Id>(lake: MonitoredLake<Id>): Alarm<Id> {
  const nightly = lake.trigger === "arrival";
  const seconds = nightly ? DAY : lake.freshnessMinutes * MINUTE;
  return {
    name: "silent",
    description: `No run of the lake's job has ended well for ${nightly ? "two days" : "twice the wanted freshness"}.`,
    measured: jobMetric(lake, "FreshnessMinutes", "SampleCount"),
    is: "below",
    threshold: 1,
    // A period is a day at most, and less than five minutes would ring for a job that starts.
    periodSeconds: Math.min(DAY, Math.max(5 * MINUTE, seconds)),
    // Seven days are the most that an alarm looks back.
    periods: Math.min(7, Math.max(2, Math.ceil((2 * seconds) / DAY))),
    noData: "breaching",
  };
}

function qualityAlarms<Id>(lake: MonitoredLake<Id>): Alarm<Id>[] {
  const qualityShare = percent(lake.qualityThreshold);
  const share = {
    is: "below",
    periodSeconds: 5 * MINUTE,
    periods: 1,
    noData: "ignore",
  } as const;
  return [
    {
      ...share,
      name: "quality",
      description: `Less than ${qualityShare} percent of the lake's quality rules hold.`,
      measured: jobMetric(lake, "QualityShare", "Minimum"),
      threshold: qualityShare,
    },
    {
      ...share,
      name: "valid-rows",
      description: `Less than ${VALID_SHARE} percent of the rows of a run were valid; the others are in quarantine, with the reason.`,
      measured: jobMetric(lake, "ValidShare", "Minimum"),
      threshold: VALID_SHARE,
    },
  ];
}

/**
 * Athena reports a workgroup's queries where the workgroup publishes metrics. Source: Amazon Athena
 * user guide, "Monitor Athena query metrics with CloudWatch".
 */
function queryAlarms<Id>(workgroup: string, thresholds: AlarmThresholds): Alarm<Id>[] {
  const { failedQueriesPerHour, scannedGbPerHour } = thresholds;
  const metric = (
    name: string,
    statistic: Metric["statistic"],
    state: Record<string, string>,
  ): Metric<Id> => ({
    namespace: "AWS/Athena",
    name,
    dimensions: { WorkGroup: workgroup, ...state },
    statistic,
  });
  const hourly = {
    is: "above",
    periodSeconds: HOUR,
    periods: 1,
    noData: "notBreaching",
  } as const;
  return [
    {
      ...hourly,
      name: `failed-queries-${workgroup}`,
      description: `More than ${failedQueriesPerHour} queries of workgroup ${workgroup} failed within an hour.`,
      measured: metric("TotalExecutionTime", "SampleCount", {
        QueryState: "FAILED",
        QueryType: "DML",
      }),
      threshold: failedQueriesPerHour,
    },
    {
      ...hourly,
      name: `scanned-${workgroup}`,
      description: `Queries of workgroup ${workgroup} scanned more than ${scannedGbPerHour} GB within an hour.`,
      measured: metric("ProcessedBytes", "Sum", {}),
      threshold: scannedGbPerHour * GB,
    },
  ];
}

function sizeAlarm<Id>(content: string, bucket: Id, { bucketGb }: AlarmThresholds): Alarm<Id> {
  const ids = ["standard", "infrequent", "instant"];
  const metrics = STORAGE_TYPES.map((storageType, index): [string, Metric<Id>] => [
    ids[index]!,
    {
      namespace: "AWS/S3",
      name: "BucketSizeBytes",
      dimensions: { BucketName: bucket, StorageType: storageType },
      statistic: "Average",
    },
  ]);
  return {
    name: `size-${content}`,
    description: `The bucket of ${content} holds more than ${bucketGb} GB, replaced versions included.`,
    measured: { expression: `SUM([${ids.join(", ")}])`, metrics: Object.fromEntries(metrics) },
    is: "above",
    threshold: bucketGb * GB,
    // Amazon S3 reports sizes once a day.
    periodSeconds: DAY,
    periods: 1,
    noData: "ignore",
  };
}
