import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The layers of a lake that hold data in S3. */
export const LAYERS = ["bronze", "silver", "gold"] as const;
export type Layer = (typeof LAYERS)[number];

export interface LakeBucketsArgs {
  /**
   * Whether buckets may be deleted with the data in them.
   * @default false
   */
  readonly destroyable?: boolean;
  /**
   * Days after which an object's replaced versions are deleted.
   * @default 30
   */
  readonly oldVersionDays?: number;
}

/** The S3 buckets of one lake, one per layer: private, versioned, encrypted with a key of the lake's, TLS 1.2+ only. */
export class LakeBuckets extends pulumi.ComponentResource {
  /** Encrypts every bucket of the lake. */
  readonly key: aws.kms.Key;
  /** `bronze`: raw change files, never rewritten; `silver` and `gold`: the tables. */
  readonly buckets: Readonly<Record<Layer, aws.s3.Bucket>>;

  constructor(name: string, args: LakeBucketsArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("lakewright:storage:LakeBuckets", name, args, opts);
    this.key = this.createKey(name);
    this.buckets = {
      bronze: this.createBucket(`${name}-bronze`, args),
      silver: this.createBucket(`${name}-silver`, args),
      gold: this.createBucket(`${name}-gold`, args),
    };
    this.registerOutputs({ keyArn: this.key.arn });
  }

  private createKey(name: string): aws.kms.Key {
    return new aws.kms.Key(
      `${name}-key`,
      { description: `Data of lake ${name}`, enableKeyRotation: true },
      { parent: this },
    );
  }

  private createBucket(name: string, args: LakeBucketsArgs): aws.s3.Bucket {
    const destroyable = args.destroyable ?? false;
    const bucket = new aws.s3.Bucket(
      name,
      { forceDestroy: destroyable },
      { parent: this, protect: !destroyable },
    );
    const of = { parent: bucket };
    const access = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      of,
    );
    this.encrypt(name, bucket);
    this.keepVersions(name, bucket, args.oldVersionDays ?? 30);
    new aws.s3.BucketPolicy(
      name,
      { bucket: bucket.id, policy: tlsOnlyPolicy(bucket.arn) },
      { parent: bucket, dependsOn: access },
    );
    return bucket;
  }

  private encrypt(name: string, bucket: aws.s3.Bucket): void {
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      {
        bucket: bucket.id,
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: "aws:kms",
              kmsMasterKeyId: this.key.arn,
            },
            bucketKeyEnabled: true,
          },
        ],
      },
      { parent: bucket },
    );
  }

  private keepVersions(name: string, bucket: aws.s3.Bucket, oldVersionDays: number): void {
    const versioning = new aws.s3.BucketVersioning(
      name,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      { parent: bucket },
    );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        bucket: bucket.id,
        rules: [
          {
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      { parent: bucket, dependsOn: versioning },
    );
  }
}

/** Refuses whatever does not come over TLS 1.2 or newer. */
function tlsOnlyPolicy(bucketArn: pulumi.Input<string>): pulumi.Output<string> {
  const denied = (sid: string, condition: object) => ({
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
    Condition: condition,
  });
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      denied("TlsOnly", { Bool: { "aws:SecureTransport": "false" } }),
      denied("Tls12OrNewer", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
    ],
  });
}
