import type { DeployScope, PolicyStatement } from "./deploy-policy";
import { actions, allow, inRegion, named, unnamed } from "./deploy-scope";

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
      "JobsCrawlersAndRulesets",
      actions(
        "glue",
        `CreateJob GetJob UpdateJob DeleteJob GetCrawler UpdateCrawler DeleteCrawler
         GetDataQualityRuleset UpdateDataQualityRuleset DeleteDataQualityRuleset GetTags ${tags}`,
      ),
      named(scope, "glue", "job/", "crawler/", "dataQualityRuleset/"),
    ),
    // Without resources of their own. Sources: service authorization reference, "AWS Glue" and "AWS
    // Lake Formation"; grants need an administrator of Lake Formation, which the role is. Glue's
    // developer guide has a resource for a new ruleset too, which IAM is reported not to match.
    allow(
      "NewCrawlersRulesetsAndSecurity",
      actions(
        "glue",
        `CreateCrawler CreateDataQualityRuleset CreateSecurityConfiguration
         GetSecurityConfiguration DeleteSecurityConfiguration`,
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
  ];
}

export function query(scope: DeployScope): PolicyStatement[] {
  const tags = "TagResource UntagResource";
  return [
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
         ListLogDeliveries PutResourcePolicy DeleteResourcePolicy DescribeResourcePolicies`,
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
      actions("cloudwatch", `PutMetricAlarm DeleteAlarms ${tags}`),
      named(scope, "cloudwatch", "alarm:"),
    ),
    // CloudWatch asks the right on all alarms, also for one by its name.
    allow("DescribeAlarms", ["cloudwatch:DescribeAlarms"], unnamed(scope, "cloudwatch", "alarm:")),
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
const PASSED_TO = [
  "glue",
  "states",
  "scheduler",
  "pipes",
  "lakeformation",
  "events",
  "dms",
  "datasync",
];

/** What the names of readers begin with, after the lake's. */
const READERS = ["team", "analysts", "tenant-"];

export function roles(scope: DeployScope): PolicyStatement[] {
  const { partition, account, region, prefixes, boundaryArn, files } = scope;
  const own = prefixes.map((prefix) => `arn:${partition}:iam::${account}:role/${prefix}*`);
  const readers = prefixes.flatMap((prefix) =>
    READERS.map((reader) => `arn:${partition}:iam::${account}:policy/${prefix}-${reader}*`),
  );
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
    // For readers that are principals of the account's own. By these names the boundary is out of
    // reach; whoever is given such a policy has what later deployments write into it.
    allow(
      "ReaderPolicies",
      actions(
        "iam",
        `CreatePolicy GetPolicy GetPolicyVersion ListPolicyVersions CreatePolicyVersion
         DeletePolicyVersion DeletePolicy TagPolicy UntagPolicy ListPolicyTags`,
      ),
      readers,
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
        StringEquals: {
          "iam:AWSServiceName": ["dms", "rds", ...(files ? ["datasync"] : [])].map(
            (service) => `${service}.amazonaws.com`,
          ),
        },
      },
    ),
  ];
}
