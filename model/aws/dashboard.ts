import { percent, VALID_SHARE } from "./alarms";
import {
  figure,
  type Line,
  lineOf,
  mathLine,
  searchLine,
  type Widget,
  type WidgetSettings,
} from "./dashboard-widgets";
import {
  executionsMetric,
  type JobMetric,
  jobMetric,
  jobNamespace,
  type MonitoredLake,
  replicationMetric,
  transferMetric,
} from "./metrics";

/** What the dashboard needs beside the lake. */
export interface DashboardSettings {
  readonly region: string;
  /** The lake's alarms, whose states stand on top. */
  readonly alarmArns: readonly string[];
  /** Whether the buckets report requests. */
  readonly bucketRequests: boolean;
}

/** Percent of the executions of the pipeline that should succeed. */
const SUCCESS_SHARE = 95;
const DAY = 86400;
const COLUMNS = 3;
const WIDTH = 8;
const HEIGHT = 6;
const ALARMS_HEIGHT = 3;
/** Alarms that one widget shows: CloudWatch user guide, "Dashboard body structure and syntax". */
const MOST_ALARMS = 100;

/** The body of a lake's CloudWatch dashboard, three figures a row, in the order of its data's way. */
export function dashboardBody(lake: MonitoredLake, settings: DashboardSettings): object {
  const { region, alarmArns } = settings;
  const figures = [
    ...(lake.replication ? replicationFigures(lake.replication) : []),
    ...(lake.transferTaskId === undefined ? [] : transferFigures(lake.transferTaskId)),
    ...pipelineFigures(lake),
    ...qualityFigures(lake),
    ...queryFigures(lake),
    ...bucketFigures(lake, settings),
  ];
  const alarms = alarmWidgets(alarmArns);
  const below = alarms.length * ALARMS_HEIGHT;
  return { widgets: [...alarms, ...figures.map((each, i) => place(each, i, below, region))] };
}

function alarmWidgets(arns: DashboardSettings["alarmArns"]): object[] {
  const number = Math.ceil(arns.length / MOST_ALARMS);
  return Array.from({ length: number }, (_, index) => ({
    type: "alarm",
    x: 0,
    y: index * ALARMS_HEIGHT,
    width: COLUMNS * WIDTH,
    height: ALARMS_HEIGHT,
    properties: {
      title: number > 1 ? `Alarms (${index + 1} of ${number})` : "Alarms",
      alarms: arns.slice(index * MOST_ALARMS, (index + 1) * MOST_ALARMS),
    },
  }));
}

function place(settings: WidgetSettings, index: number, below: number, region: string): Widget {
  const x = (index % COLUMNS) * WIDTH;
  const y = below + Math.floor(index / COLUMNS) * HEIGHT;
  return figure({ x, y, width: WIDTH, height: HEIGHT }, region, settings);
}

function replicationFigures(dimensions: Readonly<Record<string, string>>): WidgetSettings[] {
  const rows = (id: string, name: string, label: string): Line[] => [
    lineOf(replicationMetric(dimensions, name, "Average"), { id, visible: false }),
    // Reported as rows a second.
    mathLine(`${id} * PERIOD(${id})`, label),
  ];
  const latency = (name: string, label: string) =>
    lineOf(replicationMetric(dimensions, name, "Maximum"), { label });
  return [
    {
      title: "Rows replicated",
      lines: [
        ...rows("changes", "CDCThroughputRowsTarget", "changes"),
        ...rows("load", "FullLoadThroughputRowsTarget", "full load"),
      ],
    },
    {
      title: "Change data capture latency (s)",
      lines: [latency("CDCLatencySource", "source"), latency("CDCLatencyTarget", "target")],
    },
  ];
}

function transferFigures(taskId: string): WidgetSettings[] {
  return [
    {
      title: "Dropped files transferred",
      lines: [lineOf(transferMetric(taskId, "FilesTransferred"), { label: "files" })],
    },
    {
      title: "Dropped files transferred (bytes)",
      lines: [lineOf(transferMetric(taskId, "BytesTransferred"), { label: "bytes" })],
    },
  ];
}

function pipelineFigures(lake: MonitoredLake): WidgetSettings[] {
  const { stateMachineArn, freshnessMinutes } = lake;
  const job = (name: JobMetric, label: string) => lineOf(jobMetric(lake, name, "Sum"), { label });
  const executions = (id: string, name: string) =>
    lineOf(executionsMetric(stateMachineArn, name), { id, visible: false });
  const unsuccessful = ["failed", "timedOut", "aborted"].map((id) => `FILL(${id}, 0)`).join(" + ");
  return [
    {
      title: "Rows processed",
      lines: [
        job("RowsRead", "read"),
        job("RowsApplied", "applied"),
        job("RowsQuarantined", "quarantined"),
      ],
    },
    {
      title: "Duration of a run, by step (s)",
      lines: [
        searchLine(jobNamespace(lake), ["Environment", "Lake", "Step"], {
          metric: "StepSeconds",
          where: { Lake: lake.lake, Environment: lake.environment },
          statistic: "Maximum",
          periodSeconds: 300,
        }),
      ],
    },
    {
      title: `Executions that succeed (%), ${SUCCESS_SHARE} wanted`,
      periodSeconds: DAY,
      level: { value: SUCCESS_SHARE, label: "wanted" },
      range: [0, 100],
      lines: [
        executions("succeeded", "ExecutionsSucceeded"),
        executions("failed", "ExecutionsFailed"),
        executions("timedOut", "ExecutionsTimedOut"),
        executions("aborted", "ExecutionsAborted"),
        mathLine(`100 * FILL(succeeded, 0) / (FILL(succeeded, 0) + ${unsuccessful})`, "succeeded"),
      ],
    },
    {
      title: `Minutes behind the source, ${freshnessMinutes} wanted`,
      level: { value: freshnessMinutes, label: "wanted" },
      lines: [lineOf(jobMetric(lake, "FreshnessMinutes", "Maximum"), { label: "behind" })],
    },
  ];
}

function qualityFigures(lake: MonitoredLake): WidgetSettings[] {
  const share = (title: string, name: JobMetric, wanted: number): WidgetSettings => ({
    title: `${title} (%), ${wanted} wanted`,
    level: { value: wanted, label: "wanted" },
    range: [undefined, 100],
    lines: [lineOf(jobMetric(lake, name, "Minimum"), { label: title.toLowerCase() })],
  });
  return [
    share("Valid rows", "ValidShare", VALID_SHARE),
    share("Quality rules that hold", "QualityShare", percent(lake.qualityThreshold)),
    {
      title: "Quality rules that do not hold, by severity",
      lines: [
        lineOf(jobMetric(lake, "StopRulesFailed", "Maximum"), { label: "stop" }),
        lineOf(jobMetric(lake, "WarnRulesFailed", "Maximum"), { label: "warn" }),
      ],
    },
  ];
}

function queryFigures({ workgroups }: MonitoredLake): WidgetSettings[] {
  const perHour = (title: string, metric: string, statistic: "SampleCount" | "Sum") => ({
    title,
    lines: workgroups.map((workgroup) =>
      searchLine("AWS/Athena", ["QueryState", "QueryType", "WorkGroup"], {
        metric,
        where: { WorkGroup: workgroup },
        statistic,
        periodSeconds: 3600,
      }),
    ),
  });
  if (workgroups.length === 0) return [];
  return [
    perHour("Queries an hour", "TotalExecutionTime", "SampleCount"),
    perHour("Bytes scanned an hour", "ProcessedBytes", "Sum"),
  ];
}

function bucketFigures({ buckets }: MonitoredLake, settings: DashboardSettings): WidgetSettings[] {
  const size = Object.entries(buckets).map(([content, bucket]) =>
    searchLine("AWS/S3", ["BucketName", "StorageType"], {
      metric: "BucketSizeBytes",
      where: { BucketName: bucket },
      statistic: "Average",
      periodSeconds: DAY,
      total: content,
    }),
  );
  const requests = Object.entries(buckets).map(([content, bucket]) =>
    lineOf(
      {
        namespace: "AWS/S3",
        name: "AllRequests",
        dimensions: { BucketName: bucket, FilterId: ENTIRE_BUCKET },
        statistic: "Sum",
      },
      { label: content },
    ),
  );
  return [
    { title: "Size of the buckets (bytes)", periodSeconds: DAY, lines: size },
    ...(settings.bucketRequests ? [{ title: "Requests to the buckets", lines: requests }] : []),
  ];
}

/** The name of the request metrics that count all of a bucket's objects. */
export const ENTIRE_BUCKET = "EntireBucket";
