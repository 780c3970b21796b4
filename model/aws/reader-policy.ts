/** What a reader's IAM policy names; ARNs unless said. */
export interface ReaderResources {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** `amazonaws.com`, in China `amazonaws.com.cn`. */
  readonly dnsSuffix: string;
  readonly region: string;
  readonly account: string;
  readonly workgroup: string;
  /** Names of the databases. */
  readonly databases: readonly string[];
  /** Bucket of the results. */
  readonly results: string;
  /** Prefix of the reader's results, without slashes. */
  readonly resultsPrefix: string;
  /** Key of the results; undefined with Amazon S3's own. */
  readonly key?: string | undefined;
}

/**
 * What somebody needs of IAM to query through Athena where Lake Formation says which rows and
 * columns: one workgroup and its results, the catalog's metadata, and data by Lake Formation alone.
 * There are no rights on the lake's own buckets. Workgroups cannot be listed, for their names would
 * tell who the other tenants are. Source: Amazon Athena user guide, "Manage Lake Formation and
 * Athena user permissions" and "Example workgroup policies".
 */
export function readerStatements(resources: ReaderResources): Readonly<Record<string, unknown>>[] {
  return [
    ...queryStatements(resources),
    ...catalogStatements(resources),
    ...resultStatements(resources),
    ...keyStatements(resources),
  ];
}

function queryStatements({ partition, region, account, workgroup }: ReaderResources) {
  return [
    {
      Sid: "Query",
      Effect: "Allow",
      Action: [
        "athena:BatchGetNamedQuery",
        "athena:BatchGetQueryExecution",
        "athena:GetNamedQuery",
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:GetQueryResultsStream",
        "athena:GetQueryRuntimeStatistics",
        "athena:GetWorkGroup",
        "athena:ListNamedQueries",
        "athena:ListQueryExecutions",
        "athena:StartQueryExecution",
        "athena:StopQueryExecution",
      ],
      Resource: workgroup,
    },
    {
      Sid: "BrowseTables",
      Effect: "Allow",
      Action: [
        "athena:GetDataCatalog",
        "athena:GetDatabase",
        "athena:GetTableMetadata",
        "athena:ListDatabases",
        "athena:ListTableMetadata",
      ],
      Resource: `arn:${partition}:athena:${region}:${account}:datacatalog/AwsDataCatalog`,
    },
  ];
}

function catalogStatements({ partition, region, account, databases }: ReaderResources) {
  const glue = `arn:${partition}:glue:${region}:${account}`;
  return [
    {
      Sid: "ReadCatalog",
      Effect: "Allow",
      Action: [
        "glue:BatchGetPartition",
        "glue:GetDatabase",
        "glue:GetDatabases",
        "glue:GetPartition",
        "glue:GetPartitions",
        "glue:GetTable",
        "glue:GetTables",
      ],
      Resource: [
        `${glue}:catalog`,
        ...databases.flatMap((name) => [`${glue}:database/${name}`, `${glue}:table/${name}/*`]),
      ],
    },
    {
      // Athena asks for the database `default` on every query.
      Sid: "DefaultDatabase",
      Effect: "Allow",
      Action: "glue:GetDatabase",
      Resource: [`${glue}:catalog`, `${glue}:database/default`],
    },
    {
      Sid: "DataByLakeFormation",
      Effect: "Allow",
      Action: "lakeformation:GetDataAccess",
      // The action knows no resources (Service Authorization Reference, "AWS Lake Formation"): what
      // it gives is what Lake Formation grants.
      Resource: "*",
    },
  ];
}

function resultStatements({ results, resultsPrefix }: ReaderResources) {
  return [
    {
      Sid: "FindResults",
      Effect: "Allow",
      Action: "s3:GetBucketLocation",
      Resource: results,
    },
    {
      Sid: "ListResults",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: results,
      Condition: { StringLike: { "s3:prefix": `${resultsPrefix}/*` } },
    },
    {
      Sid: "Results",
      Effect: "Allow",
      Action: [
        "s3:AbortMultipartUpload",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
      ],
      Resource: `${results}/${resultsPrefix}/*`,
    },
  ];
}

/**
 * The lake's key, through S3 and for the results alone. With bucket keys, S3 names the bucket in
 * the encryption context, without them the object (Amazon S3 user guide, "Reducing the cost of
 * SSE-KMS with Amazon S3 Bucket Keys").
 */
function keyStatements({ dnsSuffix, region, results, resultsPrefix, key }: ReaderResources) {
  if (key === undefined) return [];
  return [
    {
      Sid: "ResultsKey",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: key,
      Condition: {
        StringEquals: { "kms:ViaService": `s3.${region}.${dnsSuffix}` },
        StringLike: {
          "kms:EncryptionContext:aws:s3:arn": [results, `${results}/${resultsPrefix}/*`],
        },
      },
    },
  ];
}
