import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { type BucketLifecycle, lifecycleRules } from "./bucket-lifecycle";
import { tlsOnly } from "./bucket-policy";
import { policyDocument, type Statement } from "./policy-document";

export interface SecureBucketArgs {
  /** The component that the bucket belongs to. */
  readonly parent: pulumi.Resource;
  /** What becomes of its objects with time. */
  readonly lifecycle: BucketLifecycle;
  /** Encrypts the bucket, with bucket keys; undefined: Amazon S3's own keys. */
  readonly key: aws.kms.Key | undefined;
  /** Whether the bucket may be deleted with the data in it. */
  readonly destroyable: boolean;
  /**
   * Statements of the bucket's policy beside the one that refuses what is not TLS 1.2 or newer.
   * @default none
   */
  readonly statements?: (bucketArn: pulumi.Output<string>) => Statement[];
}

/** A bucket and its policy, on which what an AWS service delivers there depends. */
export interface SecureBucket {
  readonly bucket: aws.s3.Bucket;
  readonly policy: aws.s3.BucketPolicy;
}

/** A bucket that is private, versioned, encrypted and TLS 1.2+ only. */
export function secureBucket(name: string, args: SecureBucketArgs): SecureBucket {
  const { parent, destroyable, statements = () => [] } = args;
  const bucket = new aws.s3.Bucket(
    name,
    { forceDestroy: destroyable },
    { parent, protect: !destroyable },
  );
  const access = blockPublicAccess(name, bucket);
  const policy = new aws.s3.BucketPolicy(
    name,
    {
      bucket: bucket.id,
      policy: policyDocument([...tlsOnly(bucket.arn), ...statements(bucket.arn)]),
    },
    { parent: bucket, dependsOn: access },
  );
  encrypt(name, bucket, args.key);
  const versioning = new aws.s3.BucketVersioning(
    name,
    { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
    { parent: bucket },
  );
  new aws.s3.BucketLifecycleConfiguration(
    name,
    { bucket: bucket.id, rules: lifecycleRules(args.lifecycle) },
    { parent: bucket, dependsOn: versioning },
  );
  return { bucket, policy };
}

function blockPublicAccess(name: string, bucket: aws.s3.Bucket): aws.s3.BucketPublicAccessBlock {
  return new aws.s3.BucketPublicAccessBlock(
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
}

function encrypt(name: string, bucket: aws.s3.Bucket, key: aws.kms.Key | undefined): void {
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
