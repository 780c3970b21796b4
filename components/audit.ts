import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../model/errors";
import { type DeploymentPlace, deploymentPlace } from "./deployment-place";
import { secureBucket } from "./secure-bucket";
import { serviceKey } from "./service-key";
import { trailDelivery, trailEncryption } from "./trail-policy";

export interface AuditArgs {
  /** Buckets whose objects' reads and writes are recorded. */
  readonly buckets: readonly aws.s3.Bucket[];
  /**
   * ARN of a trail that the account or the organisation has already: nothing is made then, and that
   * trail's own selectors decide whether objects are recorded.
   * @default a trail of our own
   */
  readonly existingTrailArn?: pulumi.Input<string>;
  /**
   * Whether calls that manage resources are recorded, in all regions. Only the first copy in a
   * region is free: `false` where another trail of the account records them.
   * @default true
   */
  readonly managementEvents?: boolean;
  /**
   * Which calls on the buckets' objects are recorded; each is billed.
   * @default "all"
   */
  readonly dataEvents?: "all" | "write" | "none";
  /**
   * Days after which log files are deleted.
   * @default 365
   */
  readonly logDays?: number;
  /**
   * Whether the log files may be deleted with the trail.
   * @default false
   */
  readonly destroyable?: boolean;
}

type Selector = aws.types.input.cloudtrail.TrailAdvancedEventSelector;

/**
 * Who did what: a CloudTrail of management calls and of every access to the lakes' objects, with
 * digests that prove its files unchanged, in an encrypted bucket of its own.
 */
export class Audit extends pulumi.ComponentResource {
  /** The trail that records: ours or the given one. */
  readonly trailArn: pulumi.Output<string>;
  /** Undefined with a trail that exists already, as are the bucket and the key. */
  readonly trail?: aws.cloudtrail.Trail;
  readonly bucket?: aws.s3.Bucket;
  readonly key?: aws.kms.Key;

  /** @throws UserError if nothing would be recorded. */
  constructor(
    private readonly name: string,
    private readonly args: AuditArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:audit:Audit", name, {}, opts);
    if (args.existingTrailArn !== undefined) {
      this.trailArn = pulumi.output(args.existingTrailArn);
    } else {
      const advancedEventSelectors = this.selectors();
      const place = deploymentPlace(this);
      this.key = this.createKey(place);
      const { bucket, policy } = this.createBucket(place);
      this.bucket = bucket;
      this.trail = this.createTrail(bucket, policy, advancedEventSelectors);
      this.trailArn = this.trail.arn;
    }
    this.registerOutputs({ trailArn: this.trailArn, bucket: this.bucket?.bucket });
  }

  /** The trail's ARN before it exists: bucket and key name it, and it needs both. */
  private futureTrailArn(
    { partition, account, region: own }: pulumi.Output<DeploymentPlace>,
    region: pulumi.Input<string> = own,
  ): pulumi.Output<string> {
    return pulumi.interpolate`arn:${partition}:cloudtrail:${region}:${account}:trail/${this.name}`;
  }

  private createKey(place: pulumi.Output<DeploymentPlace>): aws.kms.Key {
    return serviceKey(`${this.name}-audit-key`, {
      parent: this,
      description: `Audit logs of trail ${this.name}`,
      account: place.account,
      statements: trailEncryption(this.futureTrailArn(place), this.futureTrailArn(place, "*")),
      destroyable: this.destroyable,
    });
  }

  private createBucket(place: pulumi.Output<DeploymentPlace>) {
    return secureBucket(`${this.name}-audit`, {
      parent: this,
      // Log files are too small for cheaper storage classes: those bill 128 KB an object at least.
      lifecycle: { oldVersionDays: 30, expireDays: this.args.logDays ?? 365 },
      key: this.key,
      destroyable: this.destroyable,
      statements: (arn) => trailDelivery(arn, this.futureTrailArn(place), place.account),
    });
  }

  private createTrail(
    bucket: aws.s3.Bucket,
    bucketPolicy: aws.s3.BucketPolicy,
    advancedEventSelectors: Selector[],
  ): aws.cloudtrail.Trail {
    return new aws.cloudtrail.Trail(
      this.name,
      {
        name: this.name,
        s3BucketName: bucket.bucket,
        kmsKeyId: this.key?.arn,
        enableLogFileValidation: true,
        isMultiRegionTrail: this.managementEvents,
        includeGlobalServiceEvents: this.managementEvents,
        advancedEventSelectors,
      },
      { parent: this, dependsOn: bucketPolicy, protect: !this.destroyable },
    );
  }

  private selectors(): Selector[] {
    const { buckets, dataEvents = "all" } = this.args;
    const management = { field: "eventCategory", equals: ["Management"] };
    const data = [
      { field: "eventCategory", equals: ["Data"] },
      { field: "resources.type", equals: ["AWS::S3::Object"] },
      {
        field: "resources.ARN",
        startsWiths: buckets.map(({ arn }) => pulumi.interpolate`${arn}/`),
      },
      ...(dataEvents === "write" ? [{ field: "readOnly", equals: ["false"] }] : []),
    ];
    const selectors = [
      ...(this.managementEvents ? [{ name: "Management", fieldSelectors: [management] }] : []),
      ...(dataEvents === "none" || buckets.length === 0
        ? []
        : [{ name: "Objects of the lakes", fieldSelectors: data }]),
    ];
    if (selectors.length === 0) {
      throw new UserError(
        `audit "${this.name}" would record nothing: set managementEvents to true, or dataEvents to "all" or "write" with buckets, or leave the component out`,
      );
    }
    return selectors;
  }

  private get managementEvents(): boolean {
    return this.args.managementEvents ?? true;
  }

  private get destroyable(): boolean {
    return this.args.destroyable ?? false;
  }
}
