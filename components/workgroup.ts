import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../model/errors";

/** Least bytes that Athena takes as a limit: what it bills a query for at least. */
const LEAST_CUTOFF = 10 * 1024 ** 2;

export interface WorkgroupArgs {
  /** Id of the account that owns the results' bucket. */
  readonly account: pulumi.Input<string>;
  /** For whom the workgroup is. */
  readonly description: string;
  /** Bucket of the results, which lie under the workgroup's name. */
  readonly results: aws.s3.Bucket;
  /**
   * Encrypts the results.
   * @default Amazon S3's own key
   */
  readonly key?: aws.kms.Key;
  /** Bytes that a query may scan before it is cancelled, 10 MiB or more. */
  readonly cutoffBytes: number;
  /**
   * Whether queries may read buckets whose requester pays.
   * @default false
   */
  readonly requesterPays?: boolean;
  /**
   * Whether the workgroup may be deleted with the queries that people saved in it.
   * @default false
   */
  readonly destroyable?: boolean;
}

/** An Athena workgroup whose settings nobody can override, with results under its own prefix. */
export class Workgroup extends pulumi.ComponentResource {
  readonly workgroup: aws.athena.Workgroup;
  /** Prefix of the results in their bucket, without slashes: the workgroup's name. */
  readonly resultsPrefix: string;

  constructor(name: string, args: WorkgroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("lakewright:query:Workgroup", name, {}, opts);
    if (args.cutoffBytes < LEAST_CUTOFF) {
      throw new UserError(
        `${name}: cutoffBytes is ${args.cutoffBytes}; Athena takes ${LEAST_CUTOFF} (10 MiB) or more`,
      );
    }
    this.resultsPrefix = name;
    this.workgroup = new aws.athena.Workgroup(
      name,
      {
        name,
        description: args.description,
        forceDestroy: args.destroyable ?? false,
        configuration: {
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          requesterPaysEnabled: args.requesterPays ?? false,
          bytesScannedCutoffPerQuery: args.cutoffBytes,
          engineVersion: { selectedEngineVersion: "Athena engine version 3" },
          resultConfiguration: {
            outputLocation: pulumi.interpolate`s3://${args.results.bucket}/${name}/`,
            expectedBucketOwner: args.account,
            encryptionConfiguration: args.key
              ? { encryptionOption: "SSE_KMS", kmsKeyArn: args.key.arn }
              : { encryptionOption: "SSE_S3" },
          },
        },
      },
      { parent: this },
    );
    this.registerOutputs({ workgroup: this.workgroup.name });
  }
}
