/**
 * CloudWatch metrics of a lake on AWS. `Id` is what AWS calls a resource: a string, or what becomes
 * one while Pulumi deploys.
 */
export interface Metric<Id = string> {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, Id | string>>;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "SampleCount" | "Sum";
}

/** What replicates a lake's source: a task on a replication instance, or a serverless replication. */
export type MonitoredReplication<Id = string> =
  { readonly instanceId: Id; readonly taskArn: Id } | { readonly configArn: Id };

/** What of a lake is watched. */
export interface MonitoredLake<Id = string> {
  readonly lake: string;
  readonly environment: string;
  /** Minutes behind the source that the lake may be at most. */
  readonly freshnessMinutes: number;
  /** Share of the quality rules that must hold, 0 to 1. */
  readonly qualityThreshold: number;
  /** The dimensions that AWS DMS reports under; see `replicationDimensions`. */
  readonly replication?: Readonly<Record<string, Id>>;
  /** Id of the DataSync task that transfers dropped files, the last part of its ARN. */
  readonly transferTaskId?: Id;
  /** What starts passes: a clock; files, and maintenance nightly; or somebody alone. */
  readonly trigger: "schedule" | "arrival" | "none";
  readonly stateMachineArn: Id;
  /** The state machine of the nightly maintenance. */
  readonly maintenanceArn: Id;
  /** Names of the Athena workgroups whose queries are watched. */
  readonly workgroups: readonly string[];
  /** The lake's buckets by what they hold. */
  readonly buckets: Readonly<Record<string, Id>>;
}

/**
 * Where the lake's job reports, and no other's may; glue-scripts/lakewright/metrics.py has it so. With
 * `Lake` and `Environment` alone: the whole lake.
 */
export function jobNamespace({
  lake,
  environment,
}: Pick<MonitoredLake<unknown>, "lake" | "environment">): string {
  return `Lakewright/${lake}/${environment}`;
}

/** What the lake's job reports of each run. */
export type JobMetric =
  | "RowsRead"
  | "RowsApplied"
  | "RowsQuarantined"
  /** Percent of the rows read that no row-level rule kept out. */
  | "ValidShare"
  /** Percent of the quality rules that hold. */
  | "QualityShare"
  /** Quality rules of that severity that do not hold. */
  | "StopRulesFailed"
  | "WarnRulesFailed"
  /** Minutes that the oldest change newly applied waited. */
  | "FreshnessMinutes";

export function jobMetric(
  watched: Pick<MonitoredLake<unknown>, "lake" | "environment">,
  name: JobMetric,
  statistic: Metric["statistic"],
): Metric<never> {
  const dimensions = { Lake: watched.lake, Environment: watched.environment };
  return { namespace: jobNamespace(watched), name, dimensions, statistic };
}

/**
 * The dimensions of a replication's metrics: not its names but its resource ids, the last part of
 * its ARN. Sources: AWS DMS user guide, "Monitoring AWS DMS tasks" and "Monitoring AWS DMS
 * serverless replications"; for a serverless replication the account goes before.
 */
export function replicationDimensions(replication: MonitoredReplication): Record<string, string> {
  if ("configArn" in replication) {
    const [account, , resourceId] = replication.configArn.split(":").slice(4);
    return { ReplicationConfigId: `${account}:${resourceId}` };
  }
  return {
    ReplicationInstanceIdentifier: replication.instanceId,
    ReplicationTaskIdentifier: replication.taskArn.split(":").at(-1)!,
  };
}

export function replicationMetric<Id>(
  dimensions: Readonly<Record<string, Id>>,
  name: string,
  statistic: Metric["statistic"],
): Metric<Id> {
  return { namespace: "AWS/DMS", name, dimensions, statistic };
}

/** Source: AWS DataSync user guide, "Monitoring transfers with Amazon CloudWatch metrics". */
export function transferMetric<Id>(taskId: Id, name: string): Metric<Id> {
  return { namespace: "AWS/DataSync", name, dimensions: { TaskId: taskId }, statistic: "Sum" };
}

export function executionsMetric<Id>(stateMachineArn: Id, name: string): Metric<Id> {
  const dimensions = { StateMachineArn: stateMachineArn };
  return { namespace: "AWS/States", name, dimensions, statistic: "Sum" };
}

/** The storage classes that a lake's objects may be in, as Amazon S3's metrics call them. */
export const STORAGE_TYPES = [
  "StandardStorage",
  "StandardIAStorage",
  "GlacierInstantRetrievalStorage",
] as const;
