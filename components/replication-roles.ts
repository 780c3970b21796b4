import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { folderArn, listStatements } from "../model/aws/bucket-folders";
import { deploymentPlace } from "./deployment-place";
import { policyDocument, serviceTrust, type Statement } from "./policy-document";

export interface ReplicationRolesArgs {
  readonly bronze: aws.s3.Bucket;
  /** Folder of bronze in it. @default "", all of the bucket */
  readonly folder?: string;
  /** Encrypts bronze. @default Amazon S3's own key */
  readonly key?: aws.kms.Key;
  readonly secretArn: pulumi.Input<string>;
  /** Encrypts the secret. @default Secrets Manager's own key */
  readonly secretKeyArn?: pulumi.Input<string>;
}

/** What DMS may do: read the source's secret, write bronze. */
export class ReplicationRoles extends pulumi.ComponentResource {
  readonly source: aws.iam.Role;
  readonly target: aws.iam.Role;
  /** The roles' rights: an endpoint is made after them, for DMS tries them at once. */
  readonly policies: readonly aws.iam.RolePolicy[];

  constructor(
    private readonly name: string,
    private readonly args: ReplicationRolesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:replication:ReplicationRoles", name, {}, opts);
    const { account, region } = deploymentPlace(this);
    this.source = this.role("source", regionalTrust(region));
    this.target = this.role("target", serviceTrust("dms.amazonaws.com", account));
    this.policies = [
      this.policy("source", this.source, policyDocument(this.sourceStatements())),
      this.policy("target", this.target, this.targetPolicy()),
    ];
    this.registerOutputs({ sourceArn: this.source.arn, targetArn: this.target.arn });
  }

  private role(purpose: string, trust: pulumi.Output<string>): aws.iam.Role {
    return new aws.iam.Role(
      `${this.name}-${purpose}`,
      { assumeRolePolicy: trust, description: `Replication of ${this.name}: its ${purpose}` },
      { parent: this },
    );
  }

  private policy(
    purpose: string,
    role: aws.iam.Role,
    policy: pulumi.Output<string>,
  ): aws.iam.RolePolicy {
    return new aws.iam.RolePolicy(
      `${this.name}-${purpose}`,
      { role: role.id, policy },
      { parent: role },
    );
  }

  private sourceStatements(): Statement[] {
    const { secretArn, secretKeyArn } = this.args;
    const read = {
      Sid: "ReadSecret",
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: secretArn,
    };
    if (secretKeyArn === undefined) return [read];
    return [read, useKey(secretKeyArn, ["kms:Decrypt", "kms:DescribeKey"])];
  }

  /**
   * DMS tries whether it may delete, but bronze is versioned: nobody here may delete a version.
   * Source: AWS DMS user guide, "Prerequisites for using Amazon S3 as a target".
   */
  private targetPolicy(): pulumi.Output<string> {
    const { bronze, folder = "", key } = this.args;
    // A file in several parts is encrypted by GenerateDataKey and put together by Decrypt.
    const keyActions = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"];
    return bronze.arn.apply((bucket) =>
      policyDocument([
        {
          Sid: "WriteBronze",
          Effect: "Allow",
          Action: ["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject"],
          Resource: `${folderArn({ bucket, folder })}/*`,
        },
        ...listStatements(
          "ListBronze",
          ["s3:ListBucket", "s3:GetBucketLocation"],
          [{ bucket, folder }],
        ),
        ...(key ? [useKey(key.arn, keyActions)] : []),
      ]),
    );
  }
}

function useKey(keyArn: pulumi.Input<string>, actions: readonly string[]): Statement {
  return { Sid: "UseKey", Effect: "Allow", Action: actions, Resource: keyArn };
}

/**
 * Secrets are read by the region's own principal of DMS, for which no condition on the account is
 * documented. Source: AWS DMS user guide, "Using secrets to access endpoints".
 */
function regionalTrust(region: pulumi.Output<string>): pulumi.Output<string> {
  return policyDocument([
    {
      Effect: "Allow",
      Principal: { Service: pulumi.interpolate`dms.${region}.amazonaws.com` },
      Action: "sts:AssumeRole",
    },
  ]);
}
