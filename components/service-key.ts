import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { policyDocument, type Statement } from "./policy-document";

export interface ServiceKeyArgs {
  /** The component that the key belongs to. */
  readonly parent: pulumi.Resource;
  readonly description: string;
  /** The account whose IAM policies decide about the key beside these statements. */
  readonly account: pulumi.Input<string>;
  /** What AWS services may do with the key; in a key policy `Resource: "*"` is the key itself. */
  readonly statements: Statement[];
  /** Whether the key may be deleted, after 7 days instead of 30. */
  readonly destroyable: boolean;
}

/** A KMS key, rotated yearly, that AWS services use by its own policy. */
export function serviceKey(name: string, args: ServiceKeyArgs): aws.kms.Key {
  const { partition } = aws.getPartitionOutput({}, { parent: args.parent });
  const key = new aws.kms.Key(
    name,
    {
      description: args.description,
      enableKeyRotation: true,
      deletionWindowInDays: args.destroyable ? 7 : 30,
      policy: policyDocument([administration(partition, args.account), ...args.statements]),
    },
    { parent: args.parent, protect: !args.destroyable },
  );
  new aws.kms.Alias(
    name,
    { name: `alias/lakewright/${name}`, targetKeyId: key.keyId },
    { parent: key },
  );
  return key;
}

/**
 * Leaves the key to the account's IAM policies: without it nobody could manage the key any more.
 * Source: AWS KMS developer guide, "Default key policy", whose `kms:*` it is.
 */
function administration(partition: pulumi.Input<string>, account: pulumi.Input<string>): Statement {
  return {
    Sid: "AccountPolicies",
    Effect: "Allow",
    Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${account}:root` },
    Action: "kms:*",
    Resource: "*",
  };
}
