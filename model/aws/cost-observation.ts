import type { GluePlan } from "./cost-glue";
import type { Usage } from "./cost-month";
import type { CostAssumptions, CostSettings } from "./cost-settings";
import type { Requests } from "./cost-storage";

/** Logs, metrics, alarms, the audit trail, and what starts the runs. */
export function observationLines(
  settings: CostSettings,
  assumptions: CostAssumptions,
  { glue, requests }: { readonly glue: GluePlan; readonly requests: Requests },
): Usage[] {
  const runs = glue.silverRuns + glue.goldRuns;
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
    { service, item: "custom metrics", quantity: settings.metrics, price: "metric" },
    { service, item: "alarms", quantity: settings.alarms, price: "alarm" },
    { service, item: "dashboards", quantity: settings.dashboards, price: "dashboard" },
    {
      service: "CloudTrail",
      item: "data events of the lake's buckets",
      quantity: settings.dataEvents ? (requests.puts + requests.gets) / 100_000 : 0,
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
