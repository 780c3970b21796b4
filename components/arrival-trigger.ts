import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { policyDocument, serviceTrust } from "./policy-document";

/** Objects by how their keys begin and end. */
export interface ArrivingObjects {
  /** @default "" */
  readonly prefix?: string;
  /** @default "" */
  readonly suffix?: string;
}

export interface ArrivalTriggerArgs {
  /** Bucket whose new objects start executions. It must have no other notifications. */
  readonly bucket: aws.s3.Bucket;
  /** What is started. */
  readonly stateMachine: aws.sfn.StateMachine;
  /**
   * Only these objects count. S3 refuses two of which both the prefixes and the suffixes may be
   * those of one object.
   * @default those that end with ".parquet"
   */
  readonly objects?: readonly ArrivingObjects[];
  /** Seconds that objects are gathered for one execution, 300 at most. @default 60 */
  readonly batchSeconds?: number;
}

/** Most messages of one batch: what is gathered beyond starts another execution. */
const BATCH_SIZE = 1000;
/** Days that events wait while nothing can be started. */
const RETENTION_DAYS = 4;

/**
 * Starts executions when objects arrive: S3 notifies a queue, a pipe gathers its messages and starts
 * one execution for them. EventBridge rules alone would start one for each object.
 */
export class ArrivalTrigger extends pulumi.ComponentResource {
  readonly queue: aws.sqs.Queue;
  readonly notification: aws.s3.BucketNotification;
  readonly role: aws.iam.Role;
  readonly pipe: aws.pipes.Pipe;

  constructor(
    private readonly name: string,
    private readonly args: ArrivalTriggerArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:orchestration:ArrivalTrigger", name, {}, opts);
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    this.queue = this.createQueue();
    const policy = this.createQueuePolicy(accountId);
    this.notification = this.createNotification(policy);
    this.role = this.createRole(accountId);
    const rights = this.createRights();
    this.pipe = this.createPipe(rights);
    this.registerOutputs({ queueArn: this.queue.arn });
  }

  private get batchSeconds(): number {
    return this.args.batchSeconds ?? 60;
  }

  private createQueue(): aws.sqs.Queue {
    return new aws.sqs.Queue(
      `${this.name}-arrivals`,
      {
        // Its own encryption: with a key, S3 would have to be let into the key's policy.
        sqsManagedSseEnabled: true,
        messageRetentionSeconds: RETENTION_DAYS * 86_400,
        // Beyond the time that they are gathered: what is seen again starts executions again.
        visibilityTimeoutSeconds: 6 * 60 + this.batchSeconds,
      },
      { parent: this },
    );
  }

  private createQueuePolicy(account: pulumi.Input<string>): aws.sqs.QueuePolicy {
    const { queue } = this;
    const statements = [
      {
        Sid: "BucketNotifies",
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue.arn,
        Condition: {
          ArnEquals: { "aws:SourceArn": this.args.bucket.arn },
          StringEquals: { "aws:SourceAccount": account },
        },
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: queue.arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ];
    return new aws.sqs.QueuePolicy(
      `${this.name}-arrivals`,
      { queueUrl: queue.id, policy: policyDocument(statements) },
      { parent: queue },
    );
  }

  private createNotification(policy: aws.sqs.QueuePolicy): aws.s3.BucketNotification {
    const { bucket, objects = [{ suffix: ".parquet" }] } = this.args;
    return new aws.s3.BucketNotification(
      `${this.name}-arrivals`,
      {
        bucket: bucket.id,
        queues: objects.map(({ prefix, suffix }) => ({
          queueArn: this.queue.arn,
          events: ["s3:ObjectCreated:*"],
          ...(prefix === undefined ? {} : { filterPrefix: prefix }),
          ...(suffix === undefined ? {} : { filterSuffix: suffix }),
        })),
      },
      { parent: this, dependsOn: policy },
    );
  }

  private createRole(account: pulumi.Input<string>): aws.iam.Role {
    return new aws.iam.Role(
      `${this.name}-arrivals`,
      { assumeRolePolicy: serviceTrust("pipes.amazonaws.com", account) },
      { parent: this },
    );
  }

  private createRights(): aws.iam.RolePolicy {
    const statements = [
      {
        Sid: "TakeArrivals",
        Effect: "Allow",
        Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        Resource: this.queue.arn,
      },
      {
        Sid: "StartExecution",
        Effect: "Allow",
        Action: "states:StartExecution",
        Resource: this.args.stateMachine.arn,
      },
    ];
    return new aws.iam.RolePolicy(
      `${this.name}-arrivals`,
      { role: this.role.id, policy: policyDocument(statements) },
      { parent: this.role },
    );
  }

  private createPipe(rights: aws.iam.RolePolicy): aws.pipes.Pipe {
    return new aws.pipes.Pipe(
      `${this.name}-arrivals`,
      {
        roleArn: this.role.arn,
        source: this.queue.arn,
        sourceParameters: {
          sqsQueueParameters: {
            batchSize: BATCH_SIZE,
            maximumBatchingWindowInSeconds: this.batchSeconds,
          },
        },
        target: this.args.stateMachine.arn,
        targetParameters: {
          // Of each message only that it came: an execution's input has an upper limit.
          inputTemplate: JSON.stringify({ trigger: "arrival" }),
          stepFunctionStateMachineParameters: { invocationType: "FIRE_AND_FORGET" },
        },
      },
      { parent: this, dependsOn: rights },
    );
  }
}
