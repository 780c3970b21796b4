import type { Rule } from "./rule";

/** Tags by which costs and owners are told apart. */
const REQUIRED = ["project", "environment"] as const;

/** Types that take tags: those of the program that cost money or that somebody has to find. */
export const TAGGABLE = [
  "aws:athena/workgroup:Workgroup",
  "aws:cloudtrail/trail:Trail",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:datasync/locationSmb:LocationSmb",
  "aws:datasync/nfsLocation:NfsLocation",
  "aws:datasync/s3Location:S3Location",
  "aws:datasync/task:Task",
  "aws:dms/endpoint:Endpoint",
  "aws:dms/replicationConfig:ReplicationConfig",
  "aws:dms/replicationInstance:ReplicationInstance",
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup",
  "aws:dms/replicationTask:ReplicationTask",
  "aws:dms/s3Endpoint:S3Endpoint",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:glue/catalogDatabase:CatalogDatabase",
  "aws:glue/crawler:Crawler",
  "aws:glue/dataQualityRuleset:DataQualityRuleset",
  "aws:glue/job:Job",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:kms/key:Key",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:sfn/stateMachine:StateMachine",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
] as const;

export const TAG_RULES: readonly Rule[] = [
  {
    name: "tags",
    description: `Resources have the tags ${REQUIRED.join(" and ")}`,
    types: TAGGABLE,
    check: ({ inputs }, { defaultTags }) => {
      const tags = { ...defaultTags, ...inputs.tagsAll, ...inputs.tags };
      return REQUIRED.filter((tag) => !tags[tag]).map((tag) => `the tag ${tag} is missing`);
    },
  },
];
