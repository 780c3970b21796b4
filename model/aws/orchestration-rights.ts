import type { Allow } from "./job";
import type { ReplicationRef } from "./table-statistics";

/** What the roles of a lake's orchestration may do. */

/** For the state machine's logs: these actions know no resources. Source: Step Functions developer
 * guide, "Using CloudWatch Logs to log execution history". */
const DELIVER_LOGS: Allow = {
  Sid: "DeliverLogs",
  Effect: "Allow",
  Action: [
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
  ],
  Resource: "*",
};

export interface MaintenanceRights {
  /** ARN of the Glue job. */
  readonly job: string;
  /** ARN of the topic for failures. */
  readonly topic: string;
  /** ARN of the key that encrypts the topic. */
  readonly topicKey?: string;
  /** What replicates the tables. */
  readonly replication?: ReplicationRef;
}

/** Of the state machine that maintains a lake. */
export function maintenanceStatements(rights: MaintenanceRights): Allow[] {
  const { job, topic, topicKey, replication } = rights;
  return [
    allow(
      "RunJob",
      ["glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"],
      job,
    ),
    allow("Notify", ["sns:Publish"], topic),
    ...(topicKey ? [allow("UseTopicKey", ["kms:Decrypt", "kms:GenerateDataKey"], topicKey)] : []),
    ...(replication ? [askReplication(replication)] : []),
    DELIVER_LOGS,
  ];
}

function askReplication({ kind, arn }: ReplicationRef): Allow {
  const action =
    kind === "task" ? "dms:DescribeTableStatistics" : "dms:DescribeReplicationTableStatistics";
  return allow("AskReplication", [action], arn);
}

export interface PipelineRights extends MaintenanceRights {
  /** ARN of the state machine itself, which looks for other executions. */
  readonly stateMachine: string;
  /** ARN of its map runs, the other kind of resource that ListExecutions is about. */
  readonly mapRuns: string;
  /** ARNs of the crawlers. */
  readonly crawlers: readonly string[];
  readonly load?: {
    /** ARN of the bronze bucket. */
    readonly bucket: string;
    readonly epoch: string;
    /** ARN of the key that encrypts the bucket. */
    readonly bucketKey?: string;
  };
}

/** Of the state machine that brings a lake up to date. In bronze it writes load markers alone. */
export function pipelineStatements(rights: PipelineRights): Allow[] {
  const { stateMachine, mapRuns, crawlers, load } = rights;
  return [
    ...maintenanceStatements(rights),
    allow("FindExecutions", ["states:ListExecutions"], [stateMachine, mapRuns]),
    ...(crawlers.length > 0 ? [allow("StartCrawlers", ["glue:StartCrawler"], crawlers)] : []),
    ...(load ? loadStatements(load) : []),
  ];
}

function loadStatements(load: NonNullable<PipelineRights["load"]>): Allow[] {
  const { bucket, epoch, bucketKey } = load;
  return [
    {
      ...allow("FindLoadFiles", ["s3:ListBucket"], bucket),
      Condition: { StringLike: { "s3:prefix": `${epoch}/*` } },
    },
    allow(
      "WriteMarkers",
      ["s3:PutObject"],
      [`${bucket}/${epoch}/_LOAD_COMPLETE-*`, `${bucket}/${epoch}/*/_LOAD_COMPLETE`],
    ),
    ...(bucketKey
      ? [allow("UseBucketKey", ["kms:Decrypt", "kms:GenerateDataKey"], bucketKey)]
      : []),
  ];
}

function allow(
  Sid: string,
  Action: readonly string[],
  Resource: string | readonly string[],
): Allow {
  return { Sid, Effect: "Allow", Action, Resource };
}
