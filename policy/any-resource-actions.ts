/**
 * Actions that AWS allows on `Resource: "*"` alone. Source: Service Authorization Reference, the
 * pages of each service, where the action's column "Resource types" is empty; for `logs`, also the
 * Step Functions developer guide, "Logging to CloudWatch Logs".
 */
const BY_SERVICE: Readonly<Record<string, readonly string[]>> = {
  cloudtrail: ["DescribeTrails", "ListTrails"],
  cloudwatch: ["GetMetricData", "GetMetricStatistics", "ListMetrics", "PutMetricData"],
  dms: [
    "CreateReplicationSubnetGroup",
    "DescribeCertificates",
    "DescribeConnections",
    "DescribeEndpoints",
    "DescribeReplicationConfigs",
    "DescribeReplicationInstances",
    "DescribeReplicationSubnetGroups",
    "DescribeReplicationTasks",
    "DescribeReplications",
    "ImportCertificate",
  ],
  ec2: [
    "DescribeAccountAttributes",
    "DescribeAddresses",
    "DescribeAvailabilityZones",
    "DescribeDhcpOptions",
    "DescribeInternetGateways",
    "DescribeManagedPrefixLists",
    "DescribeNatGateways",
    "DescribeNetworkAcls",
    "DescribeNetworkInterfaces",
    "DescribePrefixLists",
    "DescribeRegions",
    "DescribeRouteTables",
    "DescribeSecurityGroupRules",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeTags",
    "DescribeVpcEndpointServices",
    "DescribeVpcEndpoints",
    "DescribeVpcPeeringConnections",
    "DescribeVpcs",
    "DescribeVpnGateways",
  ],
  glue: [
    "CreateSecurityConfiguration",
    "DeleteSecurityConfiguration",
    "GetSecurityConfiguration",
    "GetSecurityConfigurations",
  ],
  iam: ["ListOpenIDConnectProviders", "ListPolicies", "ListRoles"],
  kms: ["CreateKey", "ListAliases", "ListKeys"],
  lakeformation: [
    "AddLFTagsToResource",
    "BatchGrantPermissions",
    "BatchRevokePermissions",
    "CreateDataCellsFilter",
    "CreateLFTag",
    "DeleteDataCellsFilter",
    "DeleteLFTag",
    "DeregisterResource",
    "DescribeResource",
    "GetDataAccess",
    "GetDataCellsFilter",
    "GetDataLakeSettings",
    "GetEffectivePermissionsForPath",
    "GetLFTag",
    "GetResourceLFTags",
    "GrantPermissions",
    "ListDataCellsFilter",
    "ListLFTags",
    "ListPermissions",
    "ListResources",
    "PutDataLakeSettings",
    "RegisterResource",
    "RemoveLFTagsFromResource",
    "RevokePermissions",
    "UpdateDataCellsFilter",
    "UpdateLFTag",
    "UpdateResource",
  ],
  logs: [
    "CreateLogDelivery",
    "DeleteLogDelivery",
    "DeleteResourcePolicy",
    "DescribeLogGroups",
    "DescribeResourcePolicies",
    "GetLogDelivery",
    "ListLogDeliveries",
    "PutResourcePolicy",
    "UpdateLogDelivery",
  ],
  s3: ["ListAllMyBuckets"],
  sns: ["ListTopics"],
  states: ["ListStateMachines", "ValidateStateMachineDefinition"],
  sts: ["GetCallerIdentity"],
  xray: ["GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments"],
};

const ACTIONS = new Set(
  Object.entries(BY_SERVICE).flatMap(([service, names]) =>
    names.map((name) => `${service}:${name}`.toLowerCase()),
  ),
);

/** Whether AWS has no resource to name for an action. */
export function needsAnyResource(action: string): boolean {
  return ACTIONS.has(action.toLowerCase());
}
