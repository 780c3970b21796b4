import type { Resource } from "./quota-use";
import * as use from "./quota-use";

/** A quota of AWS that a stack uses some of. */
export interface Quota {
  readonly service: string;
  /** What is counted. */
  readonly what: string;
  /** The default: an account may have been given more. */
  readonly most: number;
  /** Whether AWS raises it on request. */
  readonly adjustable: boolean;
  /** The page of AWS that lists it. */
  readonly source: string;
  /** The month in which a stored copy of that page was read for it; null: to be checked. */
  readonly confirmed: string | null;
  /** How much of it these resources use. */
  readonly count: (resources: readonly Resource[]) => number;
}

const DOCS = "https://docs.aws.amazon.com/";
const READ = "2026-11";
const CHARACTERS = "characters, without white space";

/** Quotas of one page, in their order there. */
function page(
  service: string,
  source: string,
  quotas: readonly (Omit<Quota, "service" | "source" | "adjustable"> & { adjustable?: false })[],
): Quota[] {
  return quotas.map((quota) => ({
    adjustable: true,
    ...quota,
    service,
    source: `${DOCS}${source}`,
  }));
}

/**
 * The quotas that a stack could come near by its tenants, its tables or its number in an account.
 * Not listed, for AWS has none: data filters of a table (page "Data filtering limitations"), alarms
 * of an account (page "CloudWatch service quotas"). Athena documents none for saved queries.
 */
export const QUOTAS: readonly Quota[] = [
  ...page("Lake Formation", "lake-formation/latest/dg/data-filtering-notes.html", [
    {
      what: "data filter SELECT permissions of a principal on a table",
      most: 100,
      adjustable: false,
      confirmed: READ,
      count: use.filterGrants,
    },
    {
      what: "data filters in a grant on a table",
      most: 10,
      adjustable: false,
      confirmed: READ,
      count: use.filtersOfGrant,
    },
  ]),
  ...page("Lake Formation", "lake-formation/latest/dg/TBAC-notes.html", [
    {
      what: "LF-Tags",
      most: 1_000,
      confirmed: READ,
      count: use.ofType("aws:lakeformation/lfTag:LfTag"),
    },
  ]),
  ...page("Glue", "general/latest/gr/glue.html", [
    {
      what: "databases",
      most: 10_000,
      confirmed: null,
      count: use.ofType("aws:glue/catalogDatabase:CatalogDatabase"),
    },
    { what: "tables of a database", most: 200_000, confirmed: null, count: use.tablesOfDatabase },
    { what: "jobs", most: 1_000, confirmed: null, count: use.ofType("aws:glue/job:Job") },
  ]),
  ...page("Glue", "glue/latest/webapi/API_CreateDataQualityRuleset.html", [
    {
      what: "bytes of a data quality ruleset",
      most: 65_536,
      adjustable: false,
      confirmed: READ,
      count: use.longestText("aws:glue/dataQualityRuleset:DataQualityRuleset", "ruleset"),
    },
  ]),
  ...page("Athena", "athena/latest/ug/service-limits.html", [
    {
      what: "workgroups",
      most: 1_000,
      confirmed: READ,
      count: use.ofType("aws:athena/workgroup:Workgroup"),
    },
    {
      what: "bytes of a saved query",
      most: 262_144,
      adjustable: false,
      confirmed: READ,
      count: use.longestText("aws:athena/namedQuery:NamedQuery", "query"),
    },
  ]),
  ...page("IAM", "IAM/latest/UserGuide/reference_iam-quotas.html", [
    { what: "roles", most: 1_000, confirmed: null, count: use.ofType("aws:iam/role:Role") },
    {
      what: "customer managed policies",
      most: 1_500,
      confirmed: null,
      count: use.ofType("aws:iam/policy:Policy"),
    },
    {
      what: `${CHARACTERS}, of a role's inline policies`,
      most: 10_240,
      adjustable: false,
      confirmed: null,
      count: use.inlinePolicies,
    },
    {
      what: `${CHARACTERS}, of a managed policy`,
      most: 6_144,
      adjustable: false,
      confirmed: null,
      count: use.longestPolicy("aws:iam/policy:Policy", "policy"),
    },
    {
      what: "characters of a role's trust policy",
      most: 2_048,
      confirmed: null,
      count: use.longestPolicy("aws:iam/role:Role", "assumeRolePolicy"),
    },
  ]),
  ...page("S3", "AmazonS3/latest/userguide/BucketRestrictions.html", [
    { what: "buckets", most: 10_000, confirmed: READ, count: use.ofType("aws:s3/bucket:Bucket") },
  ]),
  ...page("S3", "AmazonS3/latest/userguide/bucket-policies.html", [
    {
      what: "bytes of a bucket policy",
      most: 20_480,
      adjustable: false,
      confirmed: null,
      count: use.longestPolicy("aws:s3/bucketPolicy:BucketPolicy", "policy"),
    },
  ]),
  ...page("KMS", "kms/latest/developerguide/resource-limits.html", [
    { what: "keys", most: 100_000, confirmed: READ, count: use.ofType("aws:kms/key:Key") },
    {
      what: "bytes of a key policy",
      most: 32_768,
      adjustable: false,
      confirmed: READ,
      count: use.longestPolicy("aws:kms/key:Key", "policy"),
    },
  ]),
  ...page("Step Functions", "step-functions/latest/dg/service-quotas.html", [
    {
      what: "state machines",
      most: 10_000,
      confirmed: READ,
      count: use.ofType("aws:sfn/stateMachine:StateMachine"),
    },
    {
      what: "bytes of a definition",
      most: 1_048_576,
      adjustable: false,
      confirmed: null,
      count: use.longestText("aws:sfn/stateMachine:StateMachine", "definition"),
    },
  ]),
  ...page("EventBridge Scheduler", "scheduler/latest/UserGuide/scheduler-quotas.html", [
    {
      what: "schedules",
      most: 10_000_000,
      confirmed: READ,
      count: use.ofType("aws:scheduler/schedule:Schedule"),
    },
  ]),
  ...page("EventBridge", "eventbridge/latest/userguide/eb-quota.html", [
    {
      what: "rules of the default event bus",
      most: 300,
      confirmed: READ,
      count: use.ofType("aws:cloudwatch/eventRule:EventRule"),
    },
  ]),
  ...page("DMS", "dms/latest/userguide/CHAP_Limits.html", [
    {
      what: "replication instances",
      most: 60,
      confirmed: READ,
      count: use.ofType("aws:dms/replicationInstance:ReplicationInstance"),
    },
    {
      what: "replication subnet groups",
      most: 60,
      confirmed: READ,
      count: use.ofType("aws:dms/replicationSubnetGroup:ReplicationSubnetGroup"),
    },
    {
      what: "endpoints",
      most: 1_000,
      confirmed: READ,
      count: use.ofType("aws:dms/endpoint:Endpoint", "aws:dms/s3Endpoint:S3Endpoint"),
    },
    {
      what: "tasks",
      most: 600,
      confirmed: READ,
      count: use.ofType("aws:dms/replicationTask:ReplicationTask"),
    },
    {
      what: "certificates",
      most: 100,
      confirmed: READ,
      count: use.ofType("aws:dms/certificate:Certificate"),
    },
  ]),
  ...page("CloudWatch", "AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html", [
    {
      what: "metrics of an alarm's expression",
      most: 10,
      adjustable: false,
      confirmed: READ,
      count: use.metricsOfAlarm,
    },
    {
      what: "widgets of a dashboard",
      most: 500,
      adjustable: false,
      confirmed: READ,
      count: use.widgetsOfDashboard,
    },
    {
      what: "metrics of a dashboard's widget",
      most: 500,
      adjustable: false,
      confirmed: null,
      count: use.metricsOfWidget,
    },
  ]),
  ...page("CloudWatch Logs", "AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html", [
    {
      what: "log groups",
      most: 1_000_000,
      confirmed: null,
      count: use.ofType("aws:cloudwatch/logGroup:LogGroup"),
    },
    {
      what: "resource policies of a region",
      most: 10,
      adjustable: false,
      confirmed: null,
      count: use.ofType("aws:cloudwatch/logResourcePolicy:LogResourcePolicy"),
    },
  ]),
  ...page("DataSync", "datasync/latest/userguide/datasync-limits.html", [
    { what: "tasks", most: 100, confirmed: null, count: use.ofType("aws:datasync/task:Task") },
  ]),
  ...page("VPC", "vpc/latest/userguide/amazon-vpc-limits.html", [
    { what: "VPCs", most: 5, confirmed: null, count: use.ofType("awsx:ec2:Vpc") },
  ]),
  ...page("CloudTrail", "awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html", [
    {
      what: "trails of a region",
      most: 5,
      adjustable: false,
      confirmed: null,
      count: use.ofType("aws:cloudtrail/trail:Trail"),
    },
  ]),
];

/** A quota and how much of it a stack uses. */
export interface QuotaUse {
  readonly quota: Quota;
  readonly used: number;
  /** Of the default: 1 is all of it. */
  readonly share: number;
}

/** The quotas of which something is used, those that come nearest first. */
export function quotaUses(resources: readonly Resource[]): QuotaUse[] {
  return QUOTAS.map((quota) => ({ quota, used: quota.count(resources) }))
    .filter(({ used }) => used > 0)
    .map((each) => ({ ...each, share: each.used / each.quota.most }))
    .sort((one, other) => other.share - one.share);
}
