import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import {
  type CatalogNames,
  hasQualityRules,
  jobArguments,
  type JobRights,
  jobStatements,
  WRITTEN,
} from "../model/aws/job";
import { jobNamespace } from "../model/aws/metrics";
import { UserError } from "../model/errors";
import type { Manifest } from "../model/manifest";
import { type Folders, foldersOf } from "../model/zones";
import { deploymentPlace } from "./deployment-place";
import { JobAssets, sparkDefaults } from "./job-assets";
import { policyDocument, serviceTrust } from "./policy-document";

/** Databases and table prefix of a layer in the Glue Data Catalog. */
export interface CatalogArgs {
  readonly database: pulumi.Input<string>;
  /** Stands before each table's name. @default "" */
  readonly prefix?: string;
}

export interface JobArgs {
  /** The job's name in AWS Glue, by which people and commands start it: `saas-dev`. */
  readonly jobName: string;
  /** Dimension of the job's metrics: `dev`. */
  readonly environment: string;
  readonly manifest: Manifest;
  readonly buckets: Readonly<
    Record<"bronze" | "scripts" | (typeof WRITTEN)[number], aws.s3.Bucket>
  >;
  /**
   * Of each content in its bucket.
   * @default those of a lake without zones, with a bucket for each
   */
  readonly folders?: Folders;
  /** Encrypts what the job writes and its logs. @default the buckets' own encryption */
  readonly key?: aws.kms.Key;
  /** Where the lake's tables are in the catalog, which the job keeps up. */
  readonly catalog: Readonly<Record<"silver" | "gold", CatalogArgs>>;
  /**
   * Paths of the jars of deequ and DQDL, in the versions of local/toolchain/jars.ts.
   * @default none, for a lake without DQDL rules
   */
  readonly qualityJars?: readonly string[];
  /** @default "G.1X", 4 cores and 16 GB */
  readonly workerType?: "G.1X" | "G.2X" | "G.4X" | "G.8X";
  /**
   * Workers at most, the driver's among them; Glue starts as many as there is work for.
   * @default 2
   */
  readonly workers?: number;
  /** `FLEX` waits for spare capacity and costs a third less. @default "STANDARD" */
  readonly executionClass?: "STANDARD" | "FLEX";
  /** Minutes after which a run is stopped. @default 120, with `watch` 30 more than its minutes */
  readonly timeoutMinutes?: number;
  /** Runs that Glue adds by itself after one that failed. @default 0, for who starts it retries */
  readonly retries?: number;
  /**
   * Has a run apply micro-batches for so long instead of running steps once.
   * @default steps once
   */
  readonly watch?: {
    /** Minutes after which no micro-batch begins. */
    readonly minutes: number;
    /** Seconds from one micro-batch to the next, at least. @default 30 */
    readonly everySeconds?: number;
  };
  /** Minutes that gold may be old: runs before are of silver alone. @default 0, each refreshes it */
  readonly goldMinutes?: number;
  /** Whether metrics of each table are sent too; each costs as a custom metric. @default false */
  readonly tableMetrics?: boolean;
  /** Days that logs are kept. @default 30 */
  readonly logDays?: number;
}

/** The one Glue job of a lake, whose steps are arguments of a run, with its role and its logs. */
export class Job extends pulumi.ComponentResource {
  readonly assets: JobAssets;
  readonly role: aws.iam.Role;
  /** Encrypts logs and what is written; undefined without a key of the lake's own. */
  readonly security?: aws.glue.SecurityConfiguration;
  /** `output` has what the program says, `error` what Spark and Glue do. */
  readonly logs: Readonly<Record<"error" | "output", aws.cloudwatch.LogGroup>>;
  readonly job: aws.glue.Job;

  constructor(
    private readonly name: string,
    private readonly args: JobArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    checkArgs(args);
    super("lakewright:processing:Job", name, {}, opts);
    this.assets = new JobAssets(
      name,
      { bucket: args.buckets.scripts, manifest: args.manifest, jars: args.qualityJars },
      { parent: this },
    );
    this.role = this.createRole();
    if (args.key) this.security = this.createSecurity(args.key);
    this.logs = this.createLogs();
    const policy = this.createPolicy();
    this.job = this.createJob(policy);
    this.registerOutputs({ jobName: this.job.name, roleArn: this.role.arn });
  }

  private get folders(): Folders {
    return this.args.folders ?? foldersOf(undefined, "per-content");
  }

  private createRole(): aws.iam.Role {
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    return new aws.iam.Role(
      `${this.name}-job`,
      { assumeRolePolicy: serviceTrust("glue.amazonaws.com", accountId) },
      { parent: this },
    );
  }

  private createSecurity(key: aws.kms.Key): aws.glue.SecurityConfiguration {
    return new aws.glue.SecurityConfiguration(
      this.name,
      {
        encryptionConfiguration: {
          cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn: key.arn },
          s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn: key.arn },
          // There are none: what is consumed stands in the tables' own commits.
          jobBookmarksEncryption: { jobBookmarksEncryptionMode: "DISABLED" },
        },
      },
      { parent: this },
    );
  }

  /** The groups that Glue would else create without retention. */
  private createLogs(): Job["logs"] {
    const prefix = logGroupPrefix(this.args);
    // Glue 5.0 names groups so: developer guide, "Logging for AWS Glue jobs". The ids are names.
    const folder = this.security
      ? pulumi.interpolate`${prefix}/${this.security.id}-role/${this.role.id}`
      : pulumi.output(prefix);
    const group = (kind: "error" | "output") =>
      new aws.cloudwatch.LogGroup(
        `${this.name}-job-${kind}`,
        {
          name: pulumi.interpolate`${folder}/${kind}`,
          retentionInDays: this.args.logDays ?? 30,
          kmsKeyId: this.args.key?.arn,
        },
        { parent: this },
      );
    return { error: group("error"), output: group("output") };
  }

  private createPolicy(): aws.iam.RolePolicy {
    const { buckets, catalog, key, manifest, environment } = this.args;
    const { partition, region, account } = deploymentPlace(this);
    const rights: pulumi.Output<JobRights> = pulumi.output({
      buckets: {
        bronze: buckets.bronze.arn,
        silver: buckets.silver.arn,
        gold: buckets.gold.arn,
        ops: buckets.ops.arn,
        scripts: buckets.scripts.arn,
      },
      folders: this.folders,
      key: key?.arn,
      glue: pulumi.interpolate`arn:${partition}:glue:${region}:${account}`,
      catalog: [catalogNames(catalog.silver), catalogNames(catalog.gold)],
      logGroups: [this.logs.error.arn, this.logs.output.arn],
      metricsNamespace: jobNamespace({ lake: manifest.lake, environment }),
    });
    return new aws.iam.RolePolicy(
      `${this.name}-job`,
      {
        role: this.role.id,
        policy: rights.apply((given) => policyDocument(jobStatements(given))),
      },
      { parent: this },
    );
  }

  private createJob(policy: aws.iam.RolePolicy): aws.glue.Job {
    const { args } = this;
    return new aws.glue.Job(
      this.name,
      {
        name: args.jobName,
        description: `Silver, gold, quality and maintenance of lake ${args.manifest.lake}`,
        roleArn: this.role.arn,
        glueVersion: "5.0",
        command: { name: "glueetl", pythonVersion: "3", scriptLocation: this.assets.script },
        defaultArguments: this.defaultArguments(),
        workerType: args.workerType ?? "G.1X",
        numberOfWorkers: args.workers ?? 2,
        executionClass: args.executionClass ?? "STANDARD",
        timeout: timeoutMinutes(args),
        maxRetries: args.retries ?? 0,
        // Two writers would corrupt Delta tables.
        executionProperty: { maxConcurrentRuns: 1 },
        securityConfiguration: this.security?.id,
      },
      { parent: this, dependsOn: [policy, this.logs.error, this.logs.output] },
    );
  }

  private defaultArguments(): pulumi.Output<Record<string, string>> {
    const { args, assets } = this;
    return pulumi
      .output({
        environment: args.environment,
        buckets: {
          bronze: args.buckets.bronze.bucket,
          silver: args.buckets.silver.bucket,
          gold: args.buckets.gold.bucket,
          ops: args.buckets.ops.bucket,
        },
        folders: this.folders,
        manifest: assets.manifest,
        package: assets.package,
        jars: assets.jars,
        catalog: {
          silver: catalogNames(args.catalog.silver),
          gold: catalogNames(args.catalog.gold),
        },
        spark: sparkDefaults(),
        logGroupPrefix: logGroupPrefix(args),
        metrics: args.tableMetrics ? ("tables" as const) : ("lake" as const),
        goldMinutes: args.goldMinutes,
        watch: args.watch && {
          minutes: args.watch.minutes,
          everySeconds: args.watch.everySeconds ?? 30,
        },
      })
      .apply(jobArguments);
  }
}

function catalogNames({ database, prefix }: CatalogArgs): pulumi.Output<CatalogNames> {
  return pulumi.output({ database, prefix: prefix ?? "" });
}

function logGroupPrefix({ jobName }: JobArgs): string {
  return `/aws-glue/jobs/${jobName}`;
}

function timeoutMinutes({ timeoutMinutes, watch }: JobArgs): number {
  return timeoutMinutes ?? (watch ? watch.minutes + 30 : 120);
}

/** @throws UserError for arguments that cannot work together */
function checkArgs(args: JobArgs): void {
  const { manifest, qualityJars = [], watch, workers, executionClass } = args;
  if (hasQualityRules(manifest) && qualityJars.length === 0) {
    throw new UserError(
      `job ${args.jobName}: qualityJars is empty, and lake ${manifest.lake} has DQDL rules, which need the jars of deequ and DQDL`,
    );
  }
  if (watch && timeoutMinutes(args) <= watch.minutes) {
    throw new UserError(
      `job ${args.jobName}: timeoutMinutes is ${timeoutMinutes(args)}, so that a run of watch.minutes ${watch.minutes} is stopped in the middle of a micro-batch; give it some minutes more`,
    );
  }
  if (watch && executionClass === "FLEX") {
    throw new UserError(
      `job ${args.jobName}: executionClass FLEX may take workers away at any time, and watch is for minutes of freshness; use STANDARD`,
    );
  }
  if (workers !== undefined && workers < 2) {
    throw new UserError(`job ${args.jobName}: workers is ${workers}; AWS Glue needs 2 at least`);
  }
}
