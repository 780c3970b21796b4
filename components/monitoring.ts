import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type Alarm, lakeAlarms } from "../model/aws/alarms";
import { dashboardBody, ENTIRE_BUCKET } from "../model/aws/dashboard";
import {
  agentsOffline,
  type FailureEvent,
  jobFailed,
  replicationStopped,
  transferFailed,
} from "../model/aws/failure-events";
import {
  type MonitoredLake,
  type MonitoredReplication,
  replicationDimensions,
} from "../model/aws/metrics";
import { alarmMeasure } from "./alarm-measure";

type Id = pulumi.Input<string>;

export interface MonitoringArgs {
  /** The lake's name, as its job reports it. */
  readonly lake: string;
  /** The environment's name, as its job reports it. */
  readonly environment: string;
  /** Where alerts go. */
  readonly topic: aws.sns.Topic;
  /** Minutes behind the source that the lake may be at most. */
  readonly freshnessMinutes: number;
  /** Share of the quality rules that must hold, 0 to 1. */
  readonly qualityThreshold: number;
  /** The AWS Glue job's name. */
  readonly jobName: Id;
  /** What starts passes; with `none` a silent job is no fault. @default "schedule" */
  readonly trigger?: MonitoredLake["trigger"];
  /** The state machine that runs the job. */
  readonly stateMachineArn: Id;
  /** The one that maintains its tables. */
  readonly maintenanceArn: Id;
  /**
   * What replicates the source: a task on an instance, or a serverless replication.
   * @default a source that is not replicated, as files are not
   */
  readonly replication?: MonitoredReplication<Id>;
  /** What transfers dropped files: a DataSync task and its agents. @default nothing */
  readonly transfer?: { readonly taskArn: Id; readonly agentArns: readonly string[] } | undefined;
  /**
   * Whether a replication that does not run is a fault: `false` where it is stopped between loads.
   * @default true
   */
  readonly continuousReplication?: boolean;
  /**
   * Names of the Athena workgroups whose queries are watched; they must publish metrics.
   * @default none
   */
  readonly workgroups?: readonly string[];
  /** The buckets whose size is watched, by what they hold. */
  readonly buckets: Readonly<Record<string, aws.s3.Bucket>>;
  /**
   * Whether the buckets report their requests, which is billed by metric.
   * @default false
   */
  readonly bucketRequests?: boolean;
  /**
   * Seconds that changes may wait, at the source and at the target.
   * @default half of the wanted freshness, 300 at least
   */
  readonly latencySeconds?: number;
  /**
   * Minutes that a change may have taken to become readable.
   * @default the wanted freshness, a quarter of it for the change's file, and a run
   */
  readonly staleMinutes?: number;
  /**
   * Failed queries an hour and workgroup that are no alarm: analysts make mistakes.
   * @default 10
   */
  readonly failedQueriesPerHour?: number;
  /**
   * GB an hour and workgroup that queries may scan.
   * @default 250
   */
  readonly scannedGbPerHour?: number;
  /**
   * GB that a bucket may hold, replaced versions included.
   * @default 500
   */
  readonly bucketGb?: number;
}

/** A lake's alarms, what is told at once, and its dashboard. */
export class Monitoring extends pulumi.ComponentResource {
  /** By the alarm's name in the lake, as `stale`. */
  readonly alarms: Readonly<Record<string, aws.cloudwatch.MetricAlarm>>;
  /** Rules of the events that are told at once, by what happened. */
  readonly rules: Readonly<Record<string, aws.cloudwatch.EventRule>>;
  readonly dashboard: aws.cloudwatch.Dashboard;
  /** Where a browser finds the dashboard. */
  readonly dashboardUrl: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: MonitoringArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:monitoring:Monitoring", name, {}, opts);
    const watched = this.watchedLake();
    this.alarms = this.createAlarms(watched);
    this.rules = this.createRules();
    this.reportRequests();
    const { region } = aws.getRegionOutput({}, { parent: this });
    this.dashboard = this.createDashboard(watched, region);
    this.dashboardUrl = pulumi.interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${this.dashboard.dashboardName}`;
    this.registerOutputs({ dashboardUrl: this.dashboardUrl });
  }

  private watchedLake(): MonitoredLake<Id> {
    const { replication, transfer, workgroups = [], buckets } = this.args;
    const { lake, environment, freshnessMinutes, qualityThreshold } = this.args;
    return {
      lake,
      environment,
      freshnessMinutes,
      qualityThreshold,
      trigger: this.args.trigger ?? "schedule",
      stateMachineArn: this.args.stateMachineArn,
      maintenanceArn: this.args.maintenanceArn,
      workgroups,
      buckets: Object.fromEntries(
        Object.entries(buckets).map(([content, { bucket }]) => [content, bucket]),
      ),
      ...(replication ? { replication: this.dimensionsOf(replication) } : {}),
      ...(transfer ? { transferTaskId: idOf(transfer.taskArn) } : {}),
    };
  }

  /** The names of the dimensions are known before the values. */
  private dimensionsOf(replication: MonitoredReplication<Id>): Record<string, Id> {
    const known = pulumi.output(replication).apply((ids) => replicationDimensions(ids));
    const names =
      "configArn" in replication
        ? ["ReplicationConfigId"]
        : ["ReplicationInstanceIdentifier", "ReplicationTaskIdentifier"];
    return Object.fromEntries(names.map((name) => [name, known.apply((ids) => ids[name]!)]));
  }

  private createAlarms(watched: MonitoredLake<Id>): Record<string, aws.cloudwatch.MetricAlarm> {
    const { freshnessMinutes, latencySeconds = Math.max(300, freshnessMinutes * 30) } = this.args;
    const alarms = lakeAlarms(watched, {
      latencySeconds,
      staleMinutes: this.args.staleMinutes,
      failedQueriesPerHour: this.args.failedQueriesPerHour ?? 10,
      scannedGbPerHour: this.args.scannedGbPerHour ?? 250,
      bucketGb: this.args.bucketGb ?? 500,
      continuousReplication: this.args.continuousReplication ?? true,
    });
    return Object.fromEntries(alarms.map((alarm) => [alarm.name, this.createAlarm(alarm)]));
  }

  private createAlarm(alarm: Alarm<Id>): aws.cloudwatch.MetricAlarm {
    const name = `${this.name}-${alarm.name}`;
    const { arn } = this.args.topic;
    return new aws.cloudwatch.MetricAlarm(
      name,
      {
        name,
        alarmDescription: alarm.description,
        ...alarmMeasure(alarm),
        comparisonOperator: alarm.is === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
        threshold: alarm.threshold,
        evaluationPeriods: alarm.periods,
        treatMissingData: alarm.noData,
        alarmActions: [arn],
        okActions: [arn],
      },
      { parent: this },
    );
  }

  private createRules(): Record<string, aws.cloudwatch.EventRule> {
    const { jobName, replication, transfer } = this.args;
    const failed = pulumi.output(jobName).apply(jobFailed);
    return {
      "job-failed": this.tell("job-failed", failed),
      ...(replication
        ? {
            "replication-ended": this.tell(
              "replication-ended",
              pulumi.output(replication).apply((ids) => replicationStopped(ids)),
            ),
          }
        : {}),
      ...(transfer
        ? {
            "transfer-failed": this.tell(
              "transfer-failed",
              pulumi.output(transfer.taskArn).apply(transferFailed),
            ),
            "agent-offline": this.tell(
              "agent-offline",
              pulumi.output(transfer.agentArns).apply(agentsOffline),
            ),
          }
        : {}),
    };
  }

  /** Sends the events that match to the topic, as a sentence. */
  private tell(what: string, event: pulumi.Output<FailureEvent>): aws.cloudwatch.EventRule {
    const name = `${this.name}-${what}`;
    const rule = new aws.cloudwatch.EventRule(
      name,
      { name, eventPattern: event.apply(({ pattern }) => JSON.stringify(pattern)) },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      name,
      {
        rule: rule.name,
        arn: this.args.topic.arn,
        inputTransformer: {
          inputPaths: event.apply(({ values }) => values),
          inputTemplate: event.apply(({ message }) => JSON.stringify(message)),
        },
      },
      { parent: rule },
    );
    return rule;
  }

  private reportRequests(): void {
    if (!this.args.bucketRequests) return;
    for (const [content, bucket] of Object.entries(this.args.buckets)) {
      new aws.s3.BucketMetric(
        `${this.name}-${content}`,
        { bucket: bucket.bucket, name: ENTIRE_BUCKET },
        { parent: this },
      );
    }
  }

  private createDashboard(
    watched: MonitoredLake<Id>,
    region: pulumi.Output<string>,
  ): aws.cloudwatch.Dashboard {
    const alarmArns = Object.values(this.alarms).map(({ arn }) => arn);
    const { bucketRequests = false } = this.args;
    const known = pulumi.output({ watched, settings: { region, alarmArns, bucketRequests } });
    return new aws.cloudwatch.Dashboard(
      this.name,
      {
        dashboardName: this.name,
        dashboardBody: known.apply(({ watched, settings }) =>
          JSON.stringify(dashboardBody(watched, settings)),
        ),
      },
      { parent: this },
    );
  }
}

/** A resource's id, the last part of its ARN. */
function idOf(arn: Id): pulumi.Output<string> {
  return pulumi.output(arn).apply((text) => text.split("/").at(-1)!);
}
