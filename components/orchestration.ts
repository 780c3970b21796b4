import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { StateMachine } from "../model/aws/asl";
import type { Allow } from "../model/aws/job";
import {
  maintenanceStatements,
  type PipelineRights,
  pipelineStatements,
} from "../model/aws/orchestration-rights";
import {
  maintenanceDefinition,
  ONE_RUN,
  pipelineDefinition,
  RUN_PER_LAYER,
  WATCH,
} from "../model/aws/state-machine";
import { BRONZE_SUFFIX } from "../model/bronze-format";
import { UserError } from "../model/errors";
import type { Manifest } from "../model/manifest";
import { ArrivalTrigger } from "./arrival-trigger";
import { deploymentPlace } from "./deployment-place";
import { policyDocument, serviceTrust } from "./policy-document";
import { Schedules } from "./schedules";

export interface OrchestrationArgs {
  /** Name of the state machine, by which people and commands know it: `saas-dev`. */
  readonly stateMachineName: string;
  readonly manifest: Manifest;
  readonly job: aws.glue.Job;
  /** Where failures are told. */
  readonly topic: aws.sns.Topic;
  /** Encrypts the topic. @default the topic is not encrypted by a key of one's own */
  readonly topicKey?: aws.kms.Key;
  readonly bronze: aws.s3.Bucket;
  /** Folder of bronze in it, `raw/database` style. @default "", all of the bucket */
  readonly folder?: string;
  /** Encrypts bronze and the logs. @default AWS's own encryption */
  readonly key?: aws.kms.Key;
  /** What loads bronze. @default something else, which writes the markers of complete loads */
  readonly replication?: {
    readonly kind: "task" | "serverless";
    readonly arn: pulumi.Input<string>;
    /** Folder in the bucket of bronze that it writes to: `e0001`, `raw/database/e0001`. */
    readonly epoch: pulumi.Input<string>;
    /** Seconds from a change to its file in bronze, CdcMaxBatchInterval. @default 60 */
    readonly batchSeconds?: number;
  };
  /**
   * `one`: silver, its quality gate and gold in one run of the job. `per-layer`: a run for silver and
   * one for gold, which start Spark twice. `watch`: a job with `watch` set.
   * @default "one"
   */
  readonly runs?: "one" | "per-layer" | "watch";
  /**
   * `schedule`: every `everyMinutes`; `arrival`: when files arrive in bronze, gathered.
   * @default "schedule"
   */
  readonly trigger?: "schedule" | "arrival";
  /** Prefix of dropped files in bronze, whose arrival counts too. @default there are none */
  readonly files?: string | undefined;
  /** Minutes from one scheduled execution to the next: the wanted freshness. @default 60 */
  readonly everyMinutes?: number;
  /** Seconds that arriving files are gathered, 300 at most. @default 60 */
  readonly gatherSeconds?: number;
  /** Whether schedules start executions; by hand it can always be done. @default true */
  readonly scheduled?: boolean;
  /** When tables are maintained (EventBridge Scheduler, UTC). @default nightly at 2:30 */
  readonly maintenance?: string;
  /** When all of bronze is listed for late files. @default Sundays at 4:30 */
  readonly relisting?: string;
  /** Names of crawlers to start at the end. @default none */
  readonly crawlers?: readonly pulumi.Input<string>[];
  /** Runs of the job that are added after one that failed and may succeed then. @default 1 */
  readonly retries?: number;
  /** Minutes that an execution waits for the job to be free. @default 360, maintenance a day */
  readonly patienceMinutes?: number;
  /** Days that logs of executions are kept. @default 30 */
  readonly logDays?: number;
}

/** What the folders of epochs begin with, which bronze consists of in a bucket of its own. */
const EPOCHS = "e";

/** Minutes that an execution waits for the job to be free, unless it is told otherwise. */
export const PATIENCE_MINUTES = 360;
const DAY_MINUTES = 1440;
const RUNS = { one: ONE_RUN, "per-layer": RUN_PER_LAYER, watch: WATCH } as const;

/** The state machines of a lake, one that brings it up to date and one that maintains it. */
export class Orchestration extends pulumi.ComponentResource {
  readonly pipeline: aws.sfn.StateMachine;
  readonly maintenance: aws.sfn.StateMachine;
  readonly schedules: Schedules;
  readonly arrivals?: ArrivalTrigger;

  constructor(
    private readonly name: string,
    private readonly args: OrchestrationArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    checkArgs(args);
    super("lakewright:orchestration:Orchestration", name, {}, opts);
    this.pipeline = this.createPipeline();
    this.maintenance = this.createMaintenance();
    this.schedules = this.createSchedules();
    if (args.trigger === "arrival") this.arrivals = this.createArrivals();
    this.registerOutputs({ pipelineArn: this.pipeline.arn, maintenanceArn: this.maintenance.arn });
  }

  private createPipeline(): aws.sfn.StateMachine {
    const { args } = this;
    const { replication, crawlers = [] } = args;
    const settleSeconds = 2 * (replication?.batchSeconds ?? 60);
    const definition = pulumi
      .output({
        job: args.job.name,
        topic: args.topic.arn,
        crawlers: [...crawlers],
        load: replication && {
          replication: { kind: replication.kind, arn: replication.arn },
          bucket: args.bronze.bucket,
          epoch: replication.epoch,
          settleSeconds,
        },
      })
      .apply((given) =>
        pipelineDefinition({
          ...given,
          manifest: args.manifest,
          runs: RUNS[args.runs ?? "one"],
          retries: args.retries ?? 1,
          patienceMinutes: args.patienceMinutes ?? PATIENCE_MINUTES,
        }),
      );
    const statements = this.pipelineRights().apply(pipelineStatements);
    return this.stateMachine("pipeline", args.stateMachineName, definition, statements);
  }

  private createMaintenance(): aws.sfn.StateMachine {
    const { args } = this;
    const replication = this.replicationRef;
    const definition = pulumi
      .output({ job: args.job.name, topic: args.topic.arn, replication })
      .apply(({ replication: asked, ...given }) => {
        const { manifest, retries = 1 } = args;
        return maintenanceDefinition(
          { ...given, manifest, retries, patienceMinutes: DAY_MINUTES },
          asked,
        );
      });
    const rights = {
      job: args.job.arn,
      topic: args.topic.arn,
      topicKey: args.topicKey?.arn,
      replication,
    };
    return this.stateMachine(
      "maintenance",
      `${args.stateMachineName}-maintenance`,
      definition,
      pulumi.output(rights).apply(maintenanceStatements),
    );
  }

  private get replicationRef() {
    const { replication } = this.args;
    return replication && { kind: replication.kind, arn: replication.arn };
  }

  private pipelineRights(): pulumi.Output<PipelineRights> {
    const { args } = this;
    const { replication, crawlers = [] } = args;
    const { partition, region, account } = deploymentPlace(this);
    const arn = (service: string, resource: pulumi.Input<string>) =>
      pulumi.interpolate`arn:${partition}:${service}:${region}:${account}:${resource}`;
    return pulumi.output({
      job: args.job.arn,
      topic: args.topic.arn,
      topicKey: args.topicKey?.arn,
      stateMachine: arn("states", `stateMachine:${args.stateMachineName}`),
      mapRuns: arn("states", `mapRun:${args.stateMachineName}/*:*`),
      crawlers: crawlers.map((crawler) => arn("glue", pulumi.interpolate`crawler/${crawler}`)),
      replication: this.replicationRef,
      load: replication && {
        bucket: args.bronze.arn,
        epoch: replication.epoch,
        bucketKey: args.key?.arn,
      },
    });
  }

  /** A state machine with a role of its own, whose executions are logged. */
  private stateMachine(
    kind: string,
    stateMachineName: string,
    definition: pulumi.Output<StateMachine>,
    statements: pulumi.Output<Allow[]>,
  ): aws.sfn.StateMachine {
    const name = `${this.name}-${kind}`;
    const role = this.createRole(name);
    const policy = new aws.iam.RolePolicy(
      name,
      { role: role.id, policy: statements.apply(policyDocument) },
      { parent: role },
    );
    const logs = new aws.cloudwatch.LogGroup(
      name,
      {
        // Begun so, the groups of many state machines fit in the resource policy of log delivery.
        name: `/aws/vendedlogs/states/${stateMachineName}`,
        retentionInDays: this.args.logDays ?? 30,
        kmsKeyId: this.args.key?.arn,
      },
      { parent: this },
    );
    return new aws.sfn.StateMachine(
      name,
      {
        name: stateMachineName,
        roleArn: role.arn,
        definition: pulumi.jsonStringify(definition),
        loggingConfiguration: {
          level: "ALL",
          includeExecutionData: true,
          logDestination: pulumi.interpolate`${logs.arn}:*`,
        },
      },
      { parent: this, dependsOn: policy },
    );
  }

  private createRole(name: string): aws.iam.Role {
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    return new aws.iam.Role(
      name,
      { assumeRolePolicy: serviceTrust("states.amazonaws.com", accountId) },
      { parent: this },
    );
  }

  private createSchedules(): Schedules {
    const { args, pipeline, maintenance } = this;
    return new Schedules(
      this.name,
      {
        pipeline,
        maintenance,
        everyMinutes: args.trigger === "arrival" ? undefined : (args.everyMinutes ?? 60),
        enabled: args.scheduled,
        maintenanceAt: args.maintenance,
        relistingAt: args.relisting,
      },
      { parent: this },
    );
  }

  private createArrivals(): ArrivalTrigger {
    const { bronze, folder = "", gatherSeconds, files, manifest } = this.args;
    const suffix = BRONZE_SUFFIX[manifest.bronze_format];
    const ofBronze = folder === "" ? EPOCHS : `${folder}/`;
    // Dropped files end with .csv or .csv.gz, in capitals or not: all of their folder counts.
    const objects =
      files === undefined
        ? [{ ...(folder === "" ? {} : { prefix: ofBronze }), suffix }]
        : [{ prefix: ofBronze, suffix }, { prefix: files }];
    return new ArrivalTrigger(
      this.name,
      { bucket: bronze, objects, stateMachine: this.pipeline, batchSeconds: gatherSeconds },
      { parent: this },
    );
  }
}

/** @throws UserError for arguments that cannot work together */
function checkArgs(args: OrchestrationArgs): void {
  const { stateMachineName: name, everyMinutes, trigger, gatherSeconds, runs } = args;
  const { files = "", folder = "" } = args;
  if (trigger === "arrival" && folder === "" && files.startsWith(EPOCHS)) {
    throw new UserError(
      `orchestration ${name}: dropped files are in ${files}, which begins as the folders of change files do, and S3 would not tell the two apart; give the zone \`files\` another name, or \`database\` a folder`,
    );
  }
  if (everyMinutes !== undefined && (!Number.isInteger(everyMinutes) || everyMinutes < 1)) {
    throw new UserError(
      `orchestration ${name}: everyMinutes is ${everyMinutes}; expected whole minutes, 1 at least. For seconds, let the job watch`,
    );
  }
  if (gatherSeconds !== undefined && (gatherSeconds < 1 || gatherSeconds > 300)) {
    throw new UserError(
      `orchestration ${name}: gatherSeconds is ${gatherSeconds}; an EventBridge pipe gathers for 1 to 300 seconds`,
    );
  }
  if (trigger === "arrival" && runs === "watch") {
    throw new UserError(
      `orchestration ${name}: a job that watches finds what arrives by itself; use trigger "schedule", which starts the next watch when one has ended`,
    );
  }
}
