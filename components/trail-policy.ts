import * as pulumi from "@pulumi/pulumi";

import type { Statement } from "./policy-document";

const SERVICE = { Service: "cloudtrail.amazonaws.com" };

/**
 * Lets one trail write its log files into a bucket. Source: AWS CloudTrail user guide, "Amazon S3
 * bucket policy for CloudTrail".
 */
export function trailDelivery(
  bucketArn: pulumi.Input<string>,
  trailArn: pulumi.Input<string>,
  account: pulumi.Input<string>,
): Statement[] {
  const allow = { Effect: "Allow", Principal: SERVICE };
  return [
    {
      ...allow,
      Sid: "TrailChecksBucket",
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
    {
      ...allow,
      Sid: "TrailWritesLogs",
      Action: "s3:PutObject",
      Resource: pulumi.interpolate`${bucketArn}/AWSLogs/${account}/*`,
      Condition: {
        StringEquals: {
          "aws:SourceArn": trailArn,
          "s3:x-amz-acl": "bucket-owner-full-control",
        },
      },
    },
  ];
}

/**
 * Lets one trail encrypt its log files, wherever an event happened: the encryption context names
 * that region. Decrypting is for S3 bucket keys. Source: AWS CloudTrail user guide, "Configure AWS
 * KMS key policies for CloudTrail".
 * @param anyRegion the trail's ARN with `*` as its region
 */
export function trailEncryption(
  trailArn: pulumi.Input<string>,
  anyRegion: pulumi.Input<string>,
): Statement[] {
  const allow = { Effect: "Allow", Principal: SERVICE, Resource: "*" };
  const ofTrail = { StringEquals: { "aws:SourceArn": trailArn } };
  return [
    {
      ...allow,
      Sid: "TrailEncrypts",
      Action: ["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
      Condition: {
        ...ofTrail,
        StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": anyRegion },
      },
    },
    {
      ...allow,
      Sid: "TrailUsesBucketKey",
      Action: ["kms:Decrypt", "kms:DescribeKey"],
      Condition: ofTrail,
    },
  ];
}
