import type { DeployScope, PolicyStatement } from "./deploy-policy";

/** ARNs of a service's resources in the stack's region and account, one a prefix of their names. */
function named(scope: DeployScope, service: string, ...resources: string[]): string[] {
  const { partition, region, account, prefixes } = scope;
  return resources.flatMap((resource) =>
    prefixes.map(
      (prefix) => `arn:${partition}:${service}:${region}:${account}:${resource}${prefix}*`,
    ),
  );
}

/** ARNs of resources that get their names from AWS. */
function unnamed(scope: DeployScope, service: string, ...resources: string[]): string[] {
  const { partition, region, account } = scope;
  return resources.map(
    (resource) => `arn:${partition}:${service}:${region}:${account}:${resource}*`,
  );
}

function actions(service: string, names: string): string[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => `${service}:${name}`);
}

function allow(
  Sid: string,
  Action: readonly string[],
  Resource: PolicyStatement["Resource"],
  Condition?: PolicyStatement["Condition"],
): PolicyStatement {
  return { Sid, Effect: "Allow", Action, Resource, ...(Condition ? { Condition } : {}) };
}

const inRegion = ({ region }: DeployScope) => ({
  StringEquals: { "aws:RequestedRegion": region },
});

/** Keeps another stack's resources from being tagged as this one's; new ones have no tag yet. */
const ofStackOrNew = ({ tag }: DeployScope) => ({
  StringEqualsIfExists: { [`aws:ResourceTag/${tag.key}`]: tag.value },
});

/** Names of buckets are the world's: a bucket of another account may have one of them. */
const ofAccount = ({ account }: Pick<DeployScope, "account">) => ({
  StringEquals: { "aws:ResourceAccount": account },
});

const ofStack = ({ tag }: DeployScope) => ({
  StringEquals: { [`aws:ResourceTag/${tag.key}`]: tag.value },
});

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
         DescribeAvailabilityZones DescribeNetworkAcls DescribeVpcPeeringConnections
         DescribeVpnGateways DescribeTags DescribeAccountAttributes`,
      ),
      "*",
      inRegion(scope),
    ),
    allow(
      "Network",
      actions(
        "ec2",
        `CreateVpc ModifyVpcAttribute CreateSubnet ModifySubnetAttribute
         CreateRouteTable AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation
         CreateRoute ReplaceRoute CreateInternetGateway AttachInternetGateway
         DetachInternetGateway CreateNatGateway AllocateAddress DisassociateAddress
         CreateVpcEndpoint ModifyVpcEndpoint CreateSecurityGroup AuthorizeSecurityGroupIngress
         AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress
         ModifySecurityGroupRules UpdateSecurityGroupRuleDescriptionsIngress
         UpdateSecurityGroupRuleDescriptionsEgress CreateVpcPeeringConnection
         AcceptVpcPeeringConnection EnableVgwRoutePropagation DisableVgwRoutePropagation`,
      ),
      "*",
      inRegion(scope),
    ),
    allow("TagNetwork", actions("ec2", "CreateTags DeleteTags"), "*", ofStackOrNew(scope)),
    allow(
      "DestroyNetwork",
      actions(
        "ec2",
        `DeleteVpc DeleteSubnet DeleteRouteTable DeleteRoute DeleteInternetGateway
         DeleteNatGateway ReleaseAddress DeleteVpcEndpoints DeleteSecurityGroup
         DeleteVpcPeeringConnection`,
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
         DeleteReplicationTask StopReplicationTask ModifyEndpoint DeleteEndpoint
         ModifyReplicationConfig DeleteReplicationConfig StopReplication DeleteCertificate
         RemoveTagsFromResource`,
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
        `CreateDBInstance ModifyDBInstance DeleteDBInstance DescribeDBInstances
         CreateDBSubnetGroup ModifyDBSubnetGroup DeleteDBSubnetGroup DescribeDBSubnetGroups
         CreateDBParameterGroup ModifyDBParameterGroup ResetDBParameterGroup
         DeleteDBParameterGroup DescribeDBParameterGroups DescribeDBParameters AddTagsToResource
         RemoveTagsFromResource ListTagsForResource CreateDBSnapshot`,
      ),
      [
        ...named(scope, "rds", "db:", "subgrp:", "pg:", "snapshot:"),
        ...unnamed(scope, "rds", "og:default"),
      ],
    ),
  ];
}

export function catalog(scope: DeployScope): PolicyStatement[] {
  const underscored = { ...scope, prefixes: scope.prefixes.map((name) => name.replace(/-/g, "_")) };
  const tags = "TagResource UntagResource";
  return [
    allow(
      "Catalog",
      actions(
        "glue",
        `CreateDatabase GetDatabase UpdateDatabase DeleteDatabase GetTags ${tags} CreateTable
         GetTable GetTables GetTableVersions UpdateTable DeleteTable BatchDeleteTable
         GetPartitionIndexes`,
      ),
      [
        ...named(underscored, "glue", "database/", "table/", "userDefinedFunction/"),
        ...unnamed(scope, "glue", "catalog"),
      ],
    ),
    allow(
      "JobsAndCrawlers",
      actions(
        "glue",
        `CreateJob GetJob UpdateJob DeleteJob GetCrawler UpdateCrawler DeleteCrawler
         GetTags ${tags}`,
      ),
      named(scope, "glue", "job/", "crawler/"),
    ),
    // Without resources of their own. Sources: service authorization reference, "AWS Glue" and "AWS
    // Lake Formation"; grants need an administrator of Lake Formation, which the role is.
    allow(
      "NewCrawlersAndSecurity",
      actions(
        "glue",
        `CreateCrawler CreateSecurityConfiguration GetSecurityConfiguration
         DeleteSecurityConfiguration`,
      ),
      "*",
      inRegion(scope),
    ),
    allow(
      "Grants",
      actions(
        "lakeformation",
        `GrantPermissions RevokePermissions BatchGrantPermissions BatchRevokePermissions
         ListPermissions RegisterResource UpdateResource DescribeResource DeregisterResource
         CreateDataCellsFilter GetDataCellsFilter UpdateDataCellsFilter DeleteDataCellsFilter
         ListDataCellsFilter CreateLFTag GetLFTag UpdateLFTag DeleteLFTag ListLFTags
         AddLFTagsToResource RemoveLFTagsFromResource GetResourceLFTags GetDataLakeSettings`,
      ),
      "*",
      inRegion(scope),
    ),
    allow(
      "Workgroups",
      actions(
        "athena",
        `CreateWorkGroup GetWorkGroup UpdateWorkGroup DeleteWorkGroup CreateNamedQuery
         GetNamedQuery UpdateNamedQuery DeleteNamedQuery`,
      ),
      named(scope, "athena", "workgroup/"),
    ),
    allow(
      "WorkgroupTags",
      actions("athena", `ListTagsForResource ${tags}`),
      named(scope, "athena", "workgroup/", "datacatalog/", "capacity-reservation/"),
    ),
  ];
}

export function pipeline(scope: DeployScope): PolicyStatement[] {
  const tags = "TagResource UntagResource ListTagsForResource";
  return [
    allow(
      "StateMachines",
      actions(
        "states",
        `CreateStateMachine DescribeStateMachine UpdateStateMachine DeleteStateMachine
         ListStateMachineVersions ${tags}`,
      ),
      named(scope, "states", "stateMachine:"),
    ),
    allow("ValidateStateMachines", actions("states", "ValidateStateMachineDefinition"), "*"),
    allow(
      "Schedules",
      actions(
        "scheduler",
        `CreateSchedule GetSchedule UpdateSchedule DeleteSchedule CreateScheduleGroup
         GetScheduleGroup DeleteScheduleGroup ${tags}`,
      ),
      named(scope, "scheduler", "schedule/default/", "schedule/", "schedule-group/"),
    ),
    allow(
      "Rules",
      actions(
        "events",
        "PutRule DescribeRule DeleteRule PutTargets RemoveTargets ListTargetsByRule " + tags,
      ),
      named(scope, "events", "rule/"),
    ),
    allow(
      "Pipes",
      actions("pipes", "CreatePipe DescribePipe UpdatePipe DeletePipe " + tags),
      named(scope, "pipes", "pipe/"),
    ),
    allow(
      "Queues",
      actions(
        "sqs",
        `CreateQueue GetQueueAttributes SetQueueAttributes GetQueueUrl DeleteQueue TagQueue
         UntagQueue ListQueueTags`,
      ),
      named(scope, "sqs", ""),
    ),
    allow(
      "Logs",
      actions(
        "logs",
        `CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey
         DisassociateKmsKey ListTagsLogGroup ${tags}`,
      ),
      named(scope, "logs", "log-group:*"),
    ),
    // Without resources of their own. Source: Step Functions developer guide, "Logging using
    // CloudWatch Logs".
    allow(
      "LogDelivery",
      actions(
        "logs",
        `DescribeLogGroups CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery
         ListLogDeliveries PutResourcePolicy DescribeResourcePolicies`,
      ),
      "*",
      inRegion(scope),
    ),
  ];
}

export function auditAndAlerts(scope: DeployScope): PolicyStatement[] {
  const { partition, account, prefixes } = scope;
  const tags = "TagResource UntagResource ListTagsForResource";
  const global = (service: string, resource: string) =>
    prefixes.map((prefix) => `arn:${partition}:${service}::${account}:${resource}/${prefix}*`);
  return [
    allow(
      "Alarms",
      actions("cloudwatch", `PutMetricAlarm DescribeAlarms DeleteAlarms ${tags}`),
      named(scope, "cloudwatch", "alarm:"),
    ),
    allow(
      "Dashboards",
      actions("cloudwatch", "PutDashboard GetDashboard DeleteDashboards"),
      global("cloudwatch", "dashboard"),
    ),
    allow(
      "Topics",
      actions(
        "sns",
        `CreateTopic GetTopicAttributes SetTopicAttributes DeleteTopic Subscribe
         ListSubscriptionsByTopic GetDataProtectionPolicy ${tags}`,
      ),
      named(scope, "sns", ""),
    ),
    // Without resources of their own. Source: service authorization reference, "Amazon SNS".
    allow(
      "Subscriptions",
      actions("sns", "GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe"),
      "*",
      inRegion(scope),
    ),
    allow(
      "Budgets",
      actions("budgets", `ViewBudget ModifyBudget ${tags}`),
      global("budgets", "budget"),
    ),
    allow(
      "Trails",
      actions(
        "cloudtrail",
        `CreateTrail GetTrail UpdateTrail DeleteTrail StartLogging StopLogging GetTrailStatus
         PutEventSelectors GetEventSelectors GetInsightSelectors AddTags RemoveTags ListTags`,
      ),
      named(scope, "cloudtrail", "trail/"),
    ),
    // Without resources of its own. Source: service authorization reference, "AWS CloudTrail".
    allow("DescribeTrails", actions("cloudtrail", "DescribeTrails ListTrails"), "*"),
  ];
}

/** Services that the stack's roles are for. */
const PASSED_TO = ["glue", "states", "scheduler", "pipes", "lakeformation", "events", "dms"];

export function roles(scope: DeployScope): PolicyStatement[] {
  const { partition, account, region, prefixes, boundaryArn } = scope;
  const own = prefixes.map((prefix) => `arn:${partition}:iam::${account}:role/${prefix}*`);
  return [
    // Roles and their rights are made within the boundary alone, so that the deploying role cannot
    // give more than it has. Source: IAM user guide, "Permissions boundaries for IAM entities".
    allow(
      "BoundedRoles",
      actions("iam", "CreateRole PutRolePolicy AttachRolePolicy PutRolePermissionsBoundary"),
      own,
      { StringEquals: { "iam:PermissionsBoundary": boundaryArn } },
    ),
    allow(
      "Roles",
      actions(
        "iam",
        `GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy DeleteRole TagRole
         UntagRole ListRoleTags GetRolePolicy DeleteRolePolicy ListRolePolicies DetachRolePolicy
         ListAttachedRolePolicies ListInstanceProfilesForRole`,
      ),
      own,
    ),
    allow("PassRoles", ["iam:PassRole"], own, {
      StringEquals: {
        "iam:PassedToService": [
          ...PASSED_TO.map((service) => `${service}.amazonaws.com`),
          `dms.${region}.amazonaws.com`,
        ],
      },
    }),
    allow(
      "ServiceLinkedRoles",
      ["iam:CreateServiceLinkedRole"],
      [`arn:${partition}:iam::${account}:role/aws-service-role/*`],
      {
        StringEquals: { "iam:AWSServiceName": ["dms.amazonaws.com", "rds.amazonaws.com"] },
      },
    ),
  ];
}
