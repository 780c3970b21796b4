import type { DeployScope, PolicyStatement } from "./deploy-policy";

/** What the roles of a lake do with objects and buckets at most. */
const S3_ACTIONS = `GetObject GetObjectVersion PutObject DeleteObject PutObjectTagging
  GetObjectTagging GetObjectVersionTagging ListBucket GetBucketLocation GetBucketAcl AbortMultipartUpload
  ListMultipartUploadParts ListBucketMultipartUploads`;

/** What they do with other services at most; on what, their own policies say. */
const ACTIONS: Readonly<Record<string, string>> = {
  kms: `Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext DescribeKey ReEncryptFrom
    ReEncryptTo CreateGrant`,
  glue: `GetDatabase GetDatabases GetTable GetTables GetTableVersion GetTableVersions GetPartition
    GetPartitions BatchGetPartition GetPartitionIndexes CreateTable UpdateTable DeleteTable
    BatchDeleteTable CreatePartition BatchCreatePartition UpdatePartition BatchUpdatePartition
    DeletePartition BatchDeletePartition GetJob StartJobRun GetJobRun GetJobRuns BatchStopJobRun
    StartCrawler GetCrawler GetCrawlers GetCrawlerMetrics GetSecurityConfiguration GetTags`,
  lakeformation: "GetDataAccess GetResourceLFTags",
  athena: `StartQueryExecution StopQueryExecution GetQueryExecution GetQueryResults
    GetQueryResultsStream GetQueryRuntimeStatistics BatchGetQueryExecution ListQueryExecutions
    GetWorkGroup ListWorkGroups GetNamedQuery BatchGetNamedQuery ListNamedQueries GetDataCatalog
    ListDataCatalogs GetDatabase ListDatabases GetTableMetadata ListTableMetadata
    CreatePreparedStatement GetPreparedStatement UpdatePreparedStatement DeletePreparedStatement
    ListPreparedStatements`,
  logs: `CreateLogGroup CreateLogStream PutLogEvents AssociateKmsKey DescribeLogGroups
    DescribeLogStreams CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery
    ListLogDeliveries PutResourcePolicy DescribeResourcePolicies`,
  cloudwatch: "PutMetricData",
  secretsmanager: "GetSecretValue DescribeSecret",
  states: "StartExecution DescribeExecution StopExecution ListExecutions",
  events: "PutTargets PutRule DescribeRule",
  sns: "Publish",
  sqs: "SendMessage ReceiveMessage DeleteMessage ChangeMessageVisibility GetQueueAttributes",
  dms: `DescribeReplicationTasks DescribeTableStatistics DescribeReplications
    DescribeReplicationTableStatistics`,
  datasync: "StartTaskExecution DescribeTask DescribeTaskExecution",
  xray: "PutTraceSegments PutTelemetryRecords GetSamplingRules GetSamplingTargets",
};

function named(service: string, names: string): string[] {
  return names.split(/\s+/).map((name) => `${service}:${name}`);
}

/**
 * The permissions boundary of the roles that a stack's deployments make: nothing of IAM, and no data
 * but the stack's own. It grants nothing, so that beside the data it names no resources.
 */
export function roleBoundary({
  partition,
  account,
  prefixes,
}: Pick<DeployScope, "partition" | "account" | "prefixes">): PolicyStatement[] {
  return [
    {
      Sid: "OwnData",
      Effect: "Allow",
      Action: named("s3", S3_ACTIONS),
      Resource: prefixes.map((prefix) => `arn:${partition}:s3:::${prefix}*`),
      // Names of buckets are the world's: a bucket of another account may have one of them.
      Condition: { StringEquals: { "aws:ResourceAccount": account } },
    },
    {
      Sid: "LakeRoles",
      Effect: "Allow",
      Action: Object.entries(ACTIONS).flatMap(([service, names]) => named(service, names)),
      Resource: "*",
    },
  ];
}

/** The boundary's name, by which the stack finds it in its account. */
export function boundaryName(stack: string): string {
  return `lakewright-${stack}-boundary`;
}
