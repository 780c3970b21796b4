import type { MonitoredReplication } from "./metrics";

/** Events that are told at once, and how: the message names values of the event by `<…>`. */
export interface FailureEvent {
  readonly pattern: Readonly<Record<string, unknown>>;
  /** JSON paths into the event, by the name that the message calls them. */
  readonly values: Readonly<Record<string, string>>;
  /**
   * Holds no text of the service's own: a quotation mark in it would make the message invalid, and
   * EventBridge would drop it.
   */
  readonly message: string;
}

/** A run of the lake's job that did not end well; a retry is a run of its own. */
export function jobFailed(jobName: string): FailureEvent {
  return {
    pattern: {
      source: ["aws.glue"],
      "detail-type": ["Glue Job State Change"],
      detail: { jobName: [jobName], state: ["FAILED", "TIMEOUT", "ERROR"] },
    },
    values: { run: "$.detail.jobRunId", state: "$.detail.state" },
    message: `AWS Glue job ${jobName}: run <run> ended with <state>.`,
  };
}

/**
 * A replication that stopped or failed. A serverless replication reports failures under its
 * configuration, not under a task. Source: AWS DMS user guide, "Working with Amazon EventBridge
 * events and notifications in AWS DMS".
 */
export function replicationStopped(replication: MonitoredReplication): FailureEvent {
  const [arn, detailType, prefix] =
    "configArn" in replication
      ? [replication.configArn, "DMS Replication State Change", "REPLICATION"]
      : [replication.taskArn, "DMS Replication Task State Change", "REPLICATION_TASK"];
  return {
    pattern: {
      source: ["aws.dms"],
      "detail-type": [detailType],
      resources: [arn],
      detail: {
        $or: [{ category: ["Failure"] }, { eventType: [`${prefix}_STOPPED`, `${prefix}_FAILED`] }],
      },
    },
    values: { event: "$.detail.eventType" },
    message: `AWS DMS ${arn}: <event>.`,
  };
}

/**
 * A transfer of dropped files that failed, as a whole or in some files. Source: AWS DataSync user
 * guide, "Monitoring events by using Amazon EventBridge".
 */
export function transferFailed(taskArn: string): FailureEvent {
  return {
    pattern: {
      source: ["aws.datasync"],
      "detail-type": ["DataSync Task Execution State Change"],
      resources: [{ prefix: `${taskArn}/` }],
      detail: { State: ["ERROR"] },
    },
    values: { execution: "$.resources[0]" },
    message: "AWS DataSync: a transfer of dropped files failed: <execution>.",
  };
}

/** An agent that DataSync has not heard of for minutes: nothing is transferred until it is back. */
export function agentsOffline(agentArns: readonly string[]): FailureEvent {
  return {
    pattern: {
      source: ["aws.datasync"],
      "detail-type": ["DataSync Agent State Change"],
      resources: agentArns,
      detail: { State: [{ "equals-ignore-case": "OFFLINE" }] },
    },
    values: { agent: "$.resources[0]" },
    message: "AWS DataSync: agent <agent> is offline.",
  };
}
