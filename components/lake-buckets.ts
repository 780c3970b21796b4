import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { SNAPSHOTS } from "../model/aws/job";
import type { BucketLifecycle, Transitions } from "./bucket-lifecycle";
import { accessLogDelivery } from "./bucket-policy";
import { deploymentPlace } from "./deployment-place";
import { logEncryption } from "./log-encryption";
import { type SecureBucket, secureBucket } from "./secure-bucket";
import { serviceKey } from "./service-key";

/**
 * What the buckets of a lake hold: `bronze` raw change files, never rewritten; `silver` and `gold`
 * the tables; `ops` quarantine, change files and bookkeeping, for the lake's owner alone; `scripts`
 * the job's code and manifest; `results` of Athena's queries.
 */
export const CONTENTS = ["bronze", "silver", "gold", "ops", "scripts", "results"] as const;
export type Content = (typeof CONTENTS)[number];

/** Days after which objects' replaced versions are deleted, by what the bucket holds. */
export type OldVersionDays = Readonly<Record<Exclude<Content, "results">, number>>;

/** Silver and gold are rewritten all day, and can be built again from bronze. */
const OLD_VERSION_DAYS: OldVersionDays = { bronze: 30, silver: 7, gold: 7, ops: 30, scripts: 30 };

export interface LakeBucketsArgs {
  /**
   * `kms`: a key of the lake's own, with bucket keys; `s3`: Amazon S3's keys, which cost nothing.
   * @default "kms"
   */
  readonly encryption?: "kms" | "s3";
  /**
   * Whether buckets may be deleted with the data in them.
   * @default false
   */
  readonly destroyable?: boolean;
  /**
   * Whether access to the buckets is logged, into a bucket of its own.
   * @default true
   */
  readonly accessLogs?: boolean;
  /**
   * When bronze, which only a rebuild reads again, moves to cheaper classes.
   * @default Infrequent Access after 30 days, Glacier Instant Retrieval after 90
   */
  readonly bronzeTransitions?: Transitions;
  /**
   * Days after which an object's replaced versions are deleted: in all of these buckets, or in each
   * that is named.
   * @default 7 in silver and gold, 30 in bronze, ops and scripts
   */
  readonly oldVersionDays?: number | Partial<OldVersionDays>;
  /**
   * Days after which Athena's results are deleted.
   * @default 7
   */
  readonly resultDays?: number;
  /**
   * Days after which access logs are deleted.
   * @default 90
   */
  readonly logDays?: number;
}

/** The S3 buckets of one lake: private, versioned, encrypted, TLS 1.2+ only. */
export class LakeBuckets extends pulumi.ComponentResource {
  /** Encrypts every bucket but that of the access logs; undefined with Amazon S3's own keys. */
  readonly key?: aws.kms.Key;
  readonly buckets: Readonly<Record<Content, aws.s3.Bucket>>;
  /** Where access to the other buckets is logged. */
  readonly logs?: aws.s3.Bucket;

  constructor(
    private readonly name: string,
    private readonly args: LakeBucketsArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:storage:LakeBuckets", name, {}, opts);
    if ((args.encryption ?? "kms") === "kms") this.key = this.createKey();
    const logs = (args.accessLogs ?? true) ? this.createLogBucket() : undefined;
    this.logs = logs?.bucket;
    const old = (content: keyof OldVersionDays) => ({
      oldVersionDays: this.oldVersionDays(content),
    });
    const archived = args.bronzeTransitions ?? { infrequentAccessDays: 30, glacierInstantDays: 90 };
    this.buckets = {
      bronze: this.createBucket("bronze", { ...old("bronze"), ...archived }, logs),
      silver: this.createBucket("silver", old("silver"), logs),
      gold: this.createBucket("gold", old("gold"), logs),
      ops: this.createBucket("ops", { ...old("ops"), temporary: SNAPSHOTS }, logs),
      scripts: this.createBucket("scripts", old("scripts"), logs),
      results: this.createBucket(
        "results",
        { oldVersionDays: 1, expireDays: args.resultDays ?? 7 },
        logs,
      ),
    };
    this.registerOutputs({ keyArn: this.key?.arn });
  }

  private oldVersionDays(content: keyof OldVersionDays): number {
    const { oldVersionDays = {} } = this.args;
    if (typeof oldVersionDays === "number") return oldVersionDays;
    return oldVersionDays[content] ?? OLD_VERSION_DAYS[content];
  }

  private createKey(): aws.kms.Key {
    const place = deploymentPlace(this);
    return serviceKey(`${this.name}-key`, {
      ...this.ownership,
      description: `Data of lake ${this.name}`,
      account: place.account,
      statements: [logEncryption(place)],
    });
  }

  private createBucket(
    content: Content,
    lifecycle: BucketLifecycle,
    logs: SecureBucket | undefined,
  ): aws.s3.Bucket {
    const name = `${this.name}-${content}`;
    const { bucket } = secureBucket(name, { ...this.ownership, lifecycle, key: this.key });
    if (logs) {
      new aws.s3.BucketLogging(
        name,
        {
          bucket: bucket.id,
          targetBucket: logs.bucket.id,
          targetPrefix: `${content}/`,
          targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
        },
        { parent: bucket, dependsOn: logs.policy },
      );
    }
    return bucket;
  }

  private createLogBucket(): SecureBucket {
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    return secureBucket(`${this.name}-logs`, {
      ...this.ownership,
      lifecycle: { oldVersionDays: 1, expireDays: this.args.logDays ?? 90 },
      // S3 delivers access logs only to a bucket that is encrypted with its own keys.
      key: undefined,
      statements: (arn) => [accessLogDelivery(arn, accountId)],
    });
  }

  private get ownership() {
    return { parent: this, destroyable: this.destroyable };
  }

  private get destroyable(): boolean {
    return this.args.destroyable ?? false;
  }
}
