import type { DeployScope, PolicyStatement } from "./deploy-policy";
import {
  actions,
  allow,
  inRegion,
  named,
  ofAccount,
  ofStack,
  ofStackOrNew,
  unnamed,
} from "./deploy-scope";

export function storage(scope: DeployScope): PolicyStatement[] {
  const buckets = scope.prefixes.map((prefix) => `arn:${scope.partition}:s3:::${prefix}*`);
  const deleted = allow(
    "DestroyData",
    actions("s3", "DeleteObject DeleteObjectVersion ListBucketVersions"),
    buckets,
    ofAccount(scope),
  );
  return [
    // Who sets a bucket's policy can give itself the objects: linters say so. The role is not given
    // them outright all the same: reading them takes a change that the audit's trail records.
    allow("NewBuckets", ["s3:CreateBucket"], buckets),
    allow(
      "Buckets",
      actions(
        "s3",
        `DeleteBucket ListBucket GetBucketLocation GetBucketAcl GetBucketCORS
         GetBucketWebsite GetBucketVersioning PutBucketVersioning GetAccelerateConfiguration
         GetBucketRequestPayment GetBucketLogging PutBucketLogging GetLifecycleConfiguration
         PutLifecycleConfiguration GetReplicationConfiguration GetEncryptionConfiguration
         PutEncryptionConfiguration GetBucketObjectLockConfiguration GetBucketTagging
         PutBucketTagging ListTagsForResource TagResource UntagResource GetBucketPolicy
         PutBucketPolicy DeleteBucketPolicy GetBucketPublicAccessBlock PutBucketPublicAccessBlock
         GetBucketOwnershipControls PutBucketOwnershipControls GetBucketNotification
         PutBucketNotification GetMetricsConfiguration PutMetricsConfiguration`,
      ),
      buckets,
      ofAccount(scope),
    ),
    allow(
      "Scripts",
      actions("s3", "GetObject PutObject DeleteObject GetObjectTagging PutObjectTagging"),
      scope.prefixes.map((prefix) => `arn:${scope.partition}:s3:::${prefix}-scripts*/*`),
      ofAccount(scope),
    ),
    ...(scope.destroyable ? [deleted] : []),
  ];
}

export function encryption(scope: DeployScope): PolicyStatement[] {
  const { key, value } = scope.tag;
  return [
    allow("NewKeys", ["kms:CreateKey"], "*", {
      StringEquals: { [`aws:RequestTag/${key}`]: value },
    }),
    allow("TagKeys", ["kms:TagResource"], unnamed(scope, "kms", "key/"), ofStackOrNew(scope)),
    allow(
      "Keys",
      actions(
        "kms",
        `DescribeKey GetKeyPolicy PutKeyPolicy GetKeyRotationStatus EnableKeyRotation
         UpdateKeyDescription ListResourceTags UntagResource ScheduleKeyDeletion
         CancelKeyDeletion CreateGrant Encrypt Decrypt
         GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo`,
      ),
      unnamed(scope, "kms", "key/"),
      ofStack(scope),
    ),
    // Asked of the alias, which has no tag, and of its key.
    allow(
      "Aliases",
      actions("kms", "CreateAlias UpdateAlias DeleteAlias"),
      [...named(scope, "kms", "alias/lakewright/"), ...unnamed(scope, "kms", "key/")],
      ofStackOrNew(scope),
    ),
    // Lists know no resource. Source: service authorization reference, "AWS KMS".
    allow("ListAliases", actions("kms", "ListAliases ListKeys"), "*"),
    allow(
      "Secrets",
      actions(
        "secretsmanager",
        `CreateSecret DescribeSecret GetSecretValue GetResourcePolicy PutSecretValue UpdateSecret
         TagResource UntagResource DeleteSecret RotateSecret`,
      ),
      // Amazon RDS names the secrets of its master passwords itself.
      [
        ...named(scope, "secretsmanager", "secret:"),
        ...unnamed(scope, "secretsmanager", "secret:rds!"),
      ],
    ),
  ];
}

export function network(scope: DeployScope): PolicyStatement[] {
  return [
    // Descriptions know no resource, and what is created has no name. Source: service authorization
    // reference, "Amazon EC2".
    allow(
      "DescribeNetwork",
      actions(
        "ec2",
        `DescribeVpcs DescribeVpcAttribute DescribeSubnets DescribeRouteTables
         DescribeSecurityGroups DescribeSecurityGroupRules DescribeInternetGateways
         DescribeNatGateways DescribeAddresses DescribeAddressesAttribute DescribeVpcEndpoints
         DescribeVpcEndpointServices DescribePrefixLists DescribeNetworkInterfaces
         DescribeAvailabilityZones DescribeNetworkAcls DescribeVpnGateways DescribeTags
         DescribeAccountAttributes`,
      ),
      "*",
      inRegion(scope),
    ),
    // Whatever carries another stack's tag is out of reach. What carries none is not: what is being
    // created, the security group that comes with a VPC, and parts of an existing VPC.
    allow(
      "Network",
      actions(
        "ec2",
        `CreateVpc ModifyVpcAttribute CreateSubnet ModifySubnetAttribute
         CreateRouteTable AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation
         CreateRoute ReplaceRoute DeleteRoute CreateInternetGateway AttachInternetGateway
         DetachInternetGateway CreateNatGateway AllocateAddress DisassociateAddress
         CreateVpcEndpoint ModifyVpcEndpoint CreateSecurityGroup AuthorizeSecurityGroupIngress
         AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress
         ModifySecurityGroupRules UpdateSecurityGroupRuleDescriptionsIngress
         UpdateSecurityGroupRuleDescriptionsEgress AttachVpnGateway DetachVpnGateway
         EnableVgwRoutePropagation DisableVgwRoutePropagation`,
      ),
      "*",
      { ...inRegion(scope), ...ofStackOrNew(scope) },
    ),
    allow("TagNetwork", actions("ec2", "CreateTags DeleteTags"), "*", ofStackOrNew(scope)),
    allow(
      "DestroyNetwork",
      actions(
        "ec2",
        `DeleteVpc DeleteSubnet DeleteRouteTable DeleteInternetGateway DeleteNatGateway
         ReleaseAddress DeleteVpcEndpoints DeleteSecurityGroup`,
      ),
      "*",
      ofStack(scope),
    ),
  ];
}

export function replication(scope: DeployScope): PolicyStatement[] {
  const resources = unnamed(
    scope,
    "dms",
    "rep:",
    "task:",
    "endpoint:",
    "cert:",
    "replication-config:",
  );
  return [
    // What is created knows no resource, nor does the change of a subnet group. Source: service
    // authorization reference, "AWS DMS".
    allow(
      "NewReplication",
      actions(
        "dms",
        `CreateReplicationInstance CreateReplicationTask CreateEndpoint
         CreateReplicationSubnetGroup ModifyReplicationSubnetGroup CreateReplicationConfig
         ImportCertificate`,
      ),
      "*",
      inRegion(scope),
    ),
    allow(
      "TagReplication",
      ["dms:AddTagsToResource"],
      [...resources, ...unnamed(scope, "dms", "subgrp:")],
      ofStackOrNew(scope),
    ),
    allow(
      "Replication",
      actions(
        "dms",
        `ModifyReplicationInstance DeleteReplicationInstance ModifyReplicationTask
         MoveReplicationTask DeleteReplicationTask StopReplicationTask ModifyEndpoint
         DeleteEndpoint ModifyReplicationConfig DeleteReplicationConfig StopReplication
         DeleteCertificate RemoveTagsFromResource`,
      ),
      resources,
      ofStack(scope),
    ),
    allow("SubnetGroups", ["dms:DeleteReplicationSubnetGroup"], named(scope, "dms", "subgrp:")),
    // Descriptions know no resource. Source: service authorization reference, "AWS DMS".
    allow(
      "DescribeReplication",
      actions(
        "dms",
        `DescribeReplicationInstances DescribeReplicationTasks DescribeEndpoints
         DescribeReplicationSubnetGroups DescribeReplicationConfigs DescribeReplications
         DescribeCertificates DescribeConnections ListTagsForResource`,
      ),
      "*",
      inRegion(scope),
    ),
    allow(
      "TrialDatabase",
      actions(
        "rds",
        `CreateDBInstance ModifyDBInstance DeleteDBInstance CreateDBSubnetGroup
         ModifyDBSubnetGroup DeleteDBSubnetGroup DescribeDBSubnetGroups CreateDBParameterGroup
         ModifyDBParameterGroup ResetDBParameterGroup DeleteDBParameterGroup
         DescribeDBParameterGroups DescribeDBParameters AddTagsToResource RemoveTagsFromResource
         ListTagsForResource CreateDBSnapshot`,
      ),
      [
        ...named(scope, "rds", "db:", "subgrp:", "pg:", "snapshot:"),
        ...unnamed(scope, "rds", "og:default"),
      ],
    ),
    // The provider finds the instance by its resource id, for which RDS asks the right on all.
    allow("DescribeDatabases", ["rds:DescribeDBInstances"], unnamed(scope, "rds", "db:")),
  ];
}

export function transfer(scope: DeployScope): PolicyStatement[] {
  const resources = unnamed(scope, "datasync", "location/", "task/");
  const secrets = unnamed(scope, "secretsmanager", "secret:aws-datasync!");
  return [
    // An agent is another stack's or nobody's, and what is created has no id yet. Source: AWS
    // DataSync user guide, "DataSync API permissions".
    allow(
      "NewTransfers",
      actions("datasync", "CreateLocationNfs CreateLocationSmb CreateLocationS3 CreateTask"),
      "*",
      inRegion(scope),
    ),
    allow("TagTransfers", ["datasync:TagResource"], resources, ofStackOrNew(scope)),
    allow(
      "Transfers",
      actions(
        "datasync",
        `DescribeLocationNfs DescribeLocationSmb DescribeLocationS3 UpdateLocationNfs
         UpdateLocationSmb UpdateLocationS3 DeleteLocation DescribeTask UpdateTask DeleteTask
         ListTagsForResource UntagResource`,
      ),
      resources,
      ofStack(scope),
    ),
    // DataSync keeps the password of an SMB share in a secret of its own, by the rights of who makes
    // the location. Source: AWS managed policy reference, "AWSDataSyncFullAccess".
    allow("NewTransferSecrets", ["secretsmanager:CreateSecret"], secrets),
    allow(
      "TransferSecrets",
      actions("secretsmanager", "PutSecretValue UpdateSecret DeleteSecret"),
      secrets,
      {
        StringEquals: {
          "secretsmanager:ResourceTag/aws:secretsmanager:owningService": "aws-datasync",
        },
      },
    ),
  ];
}
