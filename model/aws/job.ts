import type { Manifest } from "../manifest";
import type { Folders } from "../zones";
import {
  type DataBuckets,
  folderKeys,
  folderOf,
  listStatements,
  objectsIn,
  s3Address,
} from "./bucket-folders";

/** What the job of a lake is given, and what it may do. */

/** The layers that the job reads and writes; all but bronze. */
export const WRITTEN = ["silver", "gold", "ops"] as const;

/** How the tables of a layer are named in the Glue Data Catalog. */
export interface CatalogNames {
  readonly database: string;
  /** Stands before each table's name. */
  readonly prefix: string;
}

/** The root of each layer in buckets of these names, as glue-scripts/lakewright/locations.py has them. */
export function locations(buckets: DataBuckets, folders: Folders): Record<string, string> {
  const ops = s3Address(buckets.ops, folders.ops);
  return {
    bronze: s3Address(buckets.bronze, folders.bronze),
    files: s3Address(buckets.bronze, folders.files),
    silver: s3Address(buckets.silver, folders.silver),
    gold: s3Address(buckets.gold, folders.gold),
    quarantine: `${ops}/quarantine`,
    ops: `${ops}/ops`,
    changes: `${ops}/changes`,
  };
}

/**
 * Prefix of the requests to the job in the folder of `ops`: beside the bookkeeping tables, as
 * glue-scripts/lakewright/requests.py has it.
 */
export const REQUESTS = "ops/requests/";

export interface JobArgumentsSource {
  readonly environment: string;
  /** Names. */
  readonly buckets: DataBuckets;
  readonly folders: Folders;
  /** `s3://` address of the lake's manifest. */
  readonly manifest: string;
  /** `s3://` address of the package as a zip. */
  readonly package: string;
  /** `s3://` addresses of jars beyond those of AWS Glue. */
  readonly jars: readonly string[];
  readonly catalog: Readonly<Record<"silver" | "gold", CatalogNames>>;
  /** The section `common` of glue-scripts/lakewright/spark-defaults.json. */
  readonly spark: Readonly<Record<string, string>>;
  /** Prefix of the names of the job's log groups. */
  readonly logGroupPrefix: string;
  readonly metrics: "lake" | "tables";
  /** Minutes that gold may be old. @default it is refreshed by every run */
  readonly goldMinutes?: number;
  /** Applies micro-batches for so long, instead of running steps once. */
  readonly watch?: { readonly minutes: number; readonly everySeconds: number };
}

/**
 * The job's default arguments. Those of AWS Glue's own: developer guide, "Using job parameters in
 * AWS Glue jobs" and "Logging for AWS Glue jobs" (Glue 5.0 always logs as it runs).
 */
export function jobArguments(source: JobArgumentsSource): Record<string, string> {
  const { goldMinutes, jars, watch } = source;
  return {
    "--job-language": "python",
    "--job-bookmark-option": "job-bookmark-disable",
    "--datalake-formats": "hudi,delta",
    "--enable-auto-scaling": "true",
    "--custom-logGroup-prefix": source.logGroupPrefix,
    "--conf": sparkConf(source.spark),
    "--extra-py-files": source.package,
    // First: deequ and its parts must be of one version, whatever AWS Glue has of them.
    ...(jars.length > 0 ? { "--extra-jars": jars.join(","), "--user-jars-first": "true" } : {}),
    "--manifest": source.manifest,
    "--locations": JSON.stringify(locations(source.buckets, source.folders)),
    "--catalog": JSON.stringify(source.catalog),
    "--metrics": source.metrics,
    "--environment": source.environment,
    ...(goldMinutes === undefined ? {} : { "--gold-minutes": String(goldMinutes) }),
    ...(watch
      ? {
          "--mode": "watch",
          "--minutes": String(watch.minutes),
          "--every": String(watch.everySeconds),
        }
      : { "--mode": "once" }),
  };
}

/** Spark's configuration as the one value of `--conf`: `a=1 --conf b=2`. */
export function sparkConf(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(" --conf ");
}

/** Whether the lake has DQDL rules, for which the job needs deequ. */
export function hasQualityRules({ tables, models }: Manifest): boolean {
  return [...tables, ...models].some(({ quality }) => quality.length > 0);
}

export interface JobRights {
  /** ARNs of the buckets. */
  readonly buckets: DataBuckets & { readonly scripts: string };
  readonly folders: Folders;
  /** ARN of the key that encrypts them, if the lake has one. */
  readonly key?: string;
  /** ARNs of the job's log groups. */
  readonly logGroups: readonly string[];
  /** Begins the ARNs of the Glue Data Catalog: `arn:aws:glue:us-west-2:123456789012`. */
  readonly glue: string;
  readonly catalog: readonly CatalogNames[];
  /** CloudWatch's, for the job's metrics. */
  readonly metricsNamespace: string;
}

/** An IAM statement without principal. */
export type Allow = {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
};

/**
 * What the job's role may do: read bronze and its scripts, write silver, gold and bookkeeping, keep
 * the catalog up, log and measure. It deletes objects and never their versions, so that the
 * versions bring back what a mistake deletes.
 */
export function jobStatements(rights: JobRights): Allow[] {
  const { buckets, folders, key, logGroups, glue, catalog, metricsNamespace } = rights;
  const written = WRITTEN.map((layer) => folderOf(layer, buckets, folders));
  const read = [
    folderOf("bronze", buckets, folders),
    folderOf("files", buckets, folders),
    { bucket: buckets.scripts, folder: "" },
  ];
  const allow = (Sid: string, Action: string[], Resource: string | string[]): Allow => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
  });
  return [
    ...listStatements(
      "ListBuckets",
      ["s3:ListBucket", "s3:GetBucketLocation"],
      [...read, ...written],
      { above: true },
    ),
    allow("ReadBronzeAndScripts", ["s3:GetObject"], [...objectsIn(read), ...folderKeys(read)]),
    allow(
      "WriteTables",
      ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      [...objectsIn(written), ...folderKeys(written)],
    ),
    ...(key ? [allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], key)] : []),
    allow(
      "KeepCatalogUp",
      [
        "glue:GetTable",
        "glue:UpdateTable",
        "glue:GetPartitions",
        "glue:BatchCreatePartition",
        "glue:BatchDeletePartition",
      ],
      [
        `${glue}:catalog`,
        ...unique(catalog.map(({ database }) => `${glue}:database/${database}`)),
        ...unique(catalog.map(({ database, prefix }) => `${glue}:table/${database}/${prefix}*`)),
      ],
    ),
    // Glue 5.0 asks to create its groups, which are there, and to tie the key to them at each start.
    allow(
      "WriteLogs",
      ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:AssociateKmsKey"],
      logGroups.flatMap((arn) => [arn, `${arn}:*`]),
    ),
    {
      // PutMetricData knows no resources: the namespace is what it can be limited to.
      // Source: service authorization reference, "Actions … for Amazon CloudWatch".
      ...allow("SendMetrics", ["cloudwatch:PutMetricData"], "*"),
      Condition: { StringEquals: { "cloudwatch:namespace": metricsNamespace } },
    },
  ];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
