import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type BucketLifecycle, lifecycleRules, type Transitions } from "./bucket-lifecycle";
import { accessLogDelivery, tlsOnly } from "./bucket-policy";
import { policyDocument, type Statement } from "./policy-document";

/**
 * What the buckets of a lake hold: `bronze` raw change files, never rewritten; `silver` and `gold`
 * the tables; `ops` quarantine, change files and bookkeeping, for the lake's owner alone; `scripts`
 * the job's code and manifest; `results` of Athena's queries.
 */
export const CONTENTS = ["bronze", "silver", "gold", "ops", "scripts", "results"] as const;
export type Content = (typeof CONTENTS)[number];

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
   * Days after which an object's replaced versions are deleted.
   * @default 30
   */
  readonly oldVersionDays?: number;
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
    super("lakewright:storage:LakeBuckets", name, args, opts);
    if ((args.encryption ?? "kms") === "kms") this.key = this.createKey();
    if (args.accessLogs ?? true) this.logs = this.createLogBucket();
    const old = { oldVersionDays: args.oldVersionDays ?? 30 };
    const archived = args.bronzeTransitions ?? { infrequentAccessDays: 30, glacierInstantDays: 90 };
    this.buckets = {
      bronze: this.createBucket("bronze", { ...old, ...archived }),
      silver: this.createBucket("silver", old),
      gold: this.createBucket("gold", old),
      ops: this.createBucket("ops", old),
      scripts: this.createBucket("scripts", old),
      results: this.createBucket("results", {
        oldVersionDays: 1,
        expireDays: args.resultDays ?? 7,
      }),
    };
    this.registerOutputs({ keyArn: this.key?.arn });
  }

  private createKey(): aws.kms.Key {
    const key = new aws.kms.Key(
      `${this.name}-key`,
      {
        description: `Data of lake ${this.name}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
      },
      { parent: this, protect: !this.destroyable },
    );
    new aws.kms.Alias(
      `${this.name}-key`,
      { name: `alias/lakewright/${this.name}`, targetKeyId: key.keyId },
      { parent: key },
    );
    return key;
  }

  private createBucket(content: Content, lifecycle: BucketLifecycle): aws.s3.Bucket {
    const name = `${this.name}-${content}`;
    const bucket = this.secureBucket(name, lifecycle);
    this.encrypt(name, bucket, this.key);
    if (this.logs) {
      new aws.s3.BucketLogging(
        name,
        {
          bucket: bucket.id,
          targetBucket: this.logs.id,
          targetPrefix: `${content}/`,
          targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
        },
        { parent: bucket },
      );
    }
    return bucket;
  }

  private createLogBucket(): aws.s3.Bucket {
    const name = `${this.name}-logs`;
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    const lifecycle = { oldVersionDays: 1, expireDays: this.args.logDays ?? 90 };
    const bucket = this.secureBucket(name, lifecycle, (arn) => [accessLogDelivery(arn, accountId)]);
    // S3 delivers access logs only to a bucket that is encrypted with its own keys.
    this.encrypt(name, bucket, undefined);
    return bucket;
  }

  /** A private, versioned bucket with these rules for its objects and, beside TLS, statements. */
  private secureBucket(
    name: string,
    lifecycle: BucketLifecycle,
    statements: (bucketArn: pulumi.Output<string>) => Statement[] = () => [],
  ): aws.s3.Bucket {
    const bucket = new aws.s3.Bucket(
      name,
      { forceDestroy: this.destroyable },
      { parent: this, protect: !this.destroyable },
    );
    const access = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      { parent: bucket },
    );
    new aws.s3.BucketPolicy(
      name,
      {
        bucket: bucket.id,
        policy: policyDocument([...tlsOnly(bucket.arn), ...statements(bucket.arn)]),
      },
      { parent: bucket, dependsOn: access },
    );
    const versioning = new aws.s3.BucketVersioning(
      name,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      { parent: bucket },
    );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      { bucket: bucket.id, rules: lifecycleRules(lifecycle) },
      { parent: bucket, dependsOn: versioning },
    );
    return bucket;
  }

  private encrypt(name: string, bucket: aws.s3.Bucket, key: aws.kms.Key | undefined): void {
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      {
        bucket: bucket.id,
        rules: [
          {
            applyServerSideEncryptionByDefault: key
              ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn }
              : { sseAlgorithm: "AES256" },
            bucketKeyEnabled: key !== undefined,
          },
        ],
      },
      { parent: bucket },
    );
  }

  private get destroyable(): boolean {
    return this.args.destroyable ?? false;
  }
}
