import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { REQUESTS } from "../model/aws/job";
import type { Zones } from "../model/definition";
import { type Folders, foldersOf, rootOf } from "../model/zones";
import type { BucketLifecycle, Lifecycle, Transitions } from "./bucket-lifecycle";
import { accessLogDelivery } from "./bucket-policy";
import { deploymentPlace } from "./deployment-place";
import { logEncryption } from "./log-encryption";
import { type SecureBucket, secureBucket } from "./secure-bucket";
import { serviceKey } from "./service-key";

/**
 * What the buckets of a lake hold: `bronze` raw change files and dropped files, never rewritten;
 * `silver` and `gold` the tables; `ops` quarantine, change files and bookkeeping, for the lake's
 * owner alone; `scripts` the job's code and manifest; `results` of Athena's queries.
 */
export const CONTENTS = ["bronze", "silver", "gold", "ops", "scripts", "results"] as const;
export type Content = (typeof CONTENTS)[number];
type Data = Exclude<Content, "scripts" | "results">;

/** Days after which objects' replaced versions are deleted, by what the bucket holds. */
export type OldVersionDays = Readonly<Record<Exclude<Content, "results">, number>>;

/** Silver and gold are rewritten all day, and can be built again from bronze. */
const OLD_VERSION_DAYS: OldVersionDays = { bronze: 30, silver: 7, gold: 7, ops: 30, scripts: 30 };

export interface LakeBucketsArgs {
  /**
   * A bucket for each content, or `one` for bronze, files, silver, gold and ops, in folders. Then too
   * scripts and results have their own, which people and readers get rights on, and access logs,
   * which S3 delivers to no bucket with a key and which would tell of their own delivery. Data does
   * not move from the one to the other.
   * @default "per-content"
   */
  readonly buckets?: "per-content" | "one";
  /**
   * The lake's folders.
   * @default those of a lake without zones
   */
  readonly zones?: Zones;
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
  /** By what they hold; where one holds several contents, it is named for each. */
  readonly buckets: Readonly<Record<Content, aws.s3.Bucket>>;
  /** The same buckets, once each. */
  readonly distinct: Readonly<Record<string, aws.s3.Bucket>>;
  /** Of each content in its bucket. */
  readonly folders: Folders;
  /** Where access to the other buckets is logged. */
  readonly logs?: aws.s3.Bucket;

  constructor(
    private readonly name: string,
    private readonly args: LakeBucketsArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:storage:LakeBuckets", name, {}, opts);
    this.folders = foldersOf(args.zones, args.buckets ?? "per-content");
    if ((args.encryption ?? "kms") === "kms") this.key = this.createKey();
    const logs = (args.accessLogs ?? true) ? this.createLogBucket() : undefined;
    this.logs = logs?.bucket;
    const data = args.buckets === "one" ? this.createOne(logs) : this.createPerContent(logs);
    const others = {
      scripts: this.createBucket(
        "scripts",
        { oldVersionDays: this.oldVersionDays("scripts") },
        logs,
      ),
      results: this.createBucket(
        "results",
        { oldVersionDays: 1, expireDays: args.resultDays ?? 7 },
        logs,
      ),
    };
    this.buckets = { ...data, ...others };
    this.distinct = args.buckets === "one" ? { data: data.bronze, ...others } : this.buckets;
    this.registerOutputs({ keyArn: this.key?.arn });
  }

  private createPerContent(logs: SecureBucket | undefined): Record<Data, aws.s3.Bucket> {
    const create = (content: Data) => this.createBucket(content, this.lifecycle(content), logs);
    return {
      bronze: create("bronze"),
      silver: create("silver"),
      gold: create("gold"),
      ops: create("ops"),
    };
  }

  private createOne(logs: SecureBucket | undefined): Record<Data, aws.s3.Bucket> {
    const within = (content: keyof Folders) => ({
      ...this.lifecycle(content === "files" ? "bronze" : content),
      folder: rootOf(this.folders[content]),
    });
    const folders = {
      bronze: within("bronze"),
      files: within("files"),
      silver: within("silver"),
      gold: within("gold"),
      ops: within("ops"),
    };
    const days = Object.values(folders).map(({ oldVersionDays }) => oldVersionDays);
    const lifecycle = { oldVersionDays: Math.max(...days), folders };
    const data = this.createBucket("data", lifecycle, logs);
    return { bronze: data, silver: data, gold: data, ops: data };
  }

  private lifecycle(content: Data): Lifecycle {
    const { bronzeTransitions = { infrequentAccessDays: 30, glacierInstantDays: 90 } } = this.args;
    return {
      oldVersionDays: this.oldVersionDays(content),
      ...(content === "bronze" ? bronzeTransitions : {}),
      ...(content === "ops" ? { temporary: REQUESTS } : {}),
    };
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
    content: string,
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
