import * as pulumi from "@pulumi/pulumi";

import type { DeploymentPlace } from "./deployment-place";
import type { Statement } from "./policy-document";

/**
 * Lets CloudWatch Logs encrypt this account's log groups with the key whose policy this is in.
 * Source: Amazon CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
 */
export function logEncryption({
  partition,
  region,
  account,
}: pulumi.Output<DeploymentPlace>): Statement {
  return {
    Sid: "Logs",
    Effect: "Allow",
    Principal: { Service: pulumi.interpolate`logs.${region}.amazonaws.com` },
    Action: [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:DescribeKey",
    ],
    Resource: "*",
    Condition: {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:${partition}:logs:${region}:${account}:log-group:*`,
      },
    },
  };
}
