import type { GluePlan } from "./cost-glue";
import type { Usage } from "./cost-month";
import type { CostAssumptions, CostSettings } from "./cost-settings";
import { allRequests, type Requests } from "./cost-storage";

/** Metrics that the job sends of a lake (glue-scripts/lakewright/metrics.py): 8, and 5 steps' seconds. */
const LAKE_METRICS = 13;
/** Those that it sends of each table, where they are wanted. */
const TABLE_METRICS = 8;
/** S3's request metrics of a bucket. Source: S3 user guide, "Amazon S3 CloudWatch request metrics". */
const REQUEST_METRICS = 16;
/** Buckets of a lake, the one of access logs not among them. */
const BUCKETS = 6;

/** Logs, metrics, alarms, the audit trail, and what starts the runs. */
export function observationLines(
  tables: number,
  settings: CostSettings,
  assumptions: CostAssumptions,
  { glue, requests }: { readonly glue: GluePlan; readonly requests: Requests },
): Usage[] {
  const runs = glue.silverRuns + glue.goldRuns + glue.upkeepRuns;
  const dmsLogs = settings.replication === "off" ? 0 : assumptions.dmsLogGb;
  const isScheduled = glue.mode === "scheduled";
  const logMb = isScheduled ? assumptions.logMbPerRun : assumptions.logMbPerPass;
  const logs = (runs * logMb) / 1000 + dmsLogs;
  // A long-lived job is started again a few times a week, which costs nothing worth a line.
  const starts = isScheduled ? runs : 0;
  const service = "CloudWatch";
  return [
    { service, item: "logs written", quantity: logs, price: "logIngestGb" },
    {
      service,
      item: "logs kept",
      quantity: logs * assumptions.logMonths,
      price: "logStorageGb",
    },
    {
      service,
      item: "custom metrics",
      quantity: customMetrics(settings, tables),
      price: "metric",
    },
    { service, item: "alarms", quantity: settings.alarmMetrics, price: "alarm" },
    { service, item: "dashboards", quantity: settings.dashboards, price: "dashboard" },
    {
      service: "CloudTrail",
      item: "data events of the lake's buckets",
      quantity: settings.dataEvents ? allRequests(requests) / 100_000 : 0,
      price: "dataEvent",
    },
    {
      service: "Step Functions",
      item: "state transitions",
      quantity: (starts * assumptions.transitionsPerRun) / 1000,
      price: "stateTransition",
    },
    { service: "Scheduler", item: "starts", quantity: starts / 1e6, price: "schedulerCall" },
    { service: "Secrets Manager", item: "secrets", quantity: settings.secrets, price: "secret" },
  ];
}

function customMetrics({ tableMetrics, requestMetrics }: CostSettings, tables: number): number {
  return (
    LAKE_METRICS +
    (tableMetrics ? TABLE_METRICS * tables : 0) +
    (requestMetrics ? REQUEST_METRICS * BUCKETS : 0)
  );
}
