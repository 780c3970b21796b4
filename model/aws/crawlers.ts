import type { Manifest } from "../manifest";
import { type Folders, tableFolder } from "../zones";
import { type BucketFolder, listStatements, objectsIn } from "./bucket-folders";
import type { CatalogLayer } from "./names";

/** What one crawler looks at: tables of one layer in one format. */
export interface CrawlerTarget {
  /** `bronze`, `silver-hudi`, `gold-delta`. */
  readonly name: string;
  readonly layer: CatalogLayer;
  readonly format: "parquet" | "hudi" | "delta";
  /** Names of the tables in the lake. */
  readonly tables: readonly string[];
  /** Their folders in the layer's bucket; none in bronze, where the declared tables are crawled. */
  readonly folders: readonly string[];
}

/** The crawlers that a lake needs for these layers: one per layer and format. */
export function crawlerTargets(
  manifest: Manifest,
  layers: readonly CatalogLayer[],
  folders: Folders,
): CrawlerTarget[] {
  return layers.flatMap((layer): CrawlerTarget[] => {
    if (layer === "bronze") {
      const tables = manifest.tables.map(({ name }) => name);
      return [{ name: "bronze", layer, format: "parquet", tables, folders: [] }];
    }
    const found = layer === "silver" ? manifest.tables : manifest.models;
    return (["hudi", "delta"] as const)
      .map((format) => {
        const tables = found.filter((each) => each.format === format && each.columns.length > 0);
        return {
          name: `${layer}-${format}`,
          layer,
          format,
          tables: tables.map(({ name }) => name),
          folders: tables.map((table) => tableFolder(folders, layer, table)),
        };
      })
      .filter(({ tables }) => tables.length > 0);
  });
}

/** What the crawlers' policy names; ARNs unless said. */
export interface CrawlerResources {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** Of the layers, with their buckets' ARNs. */
  readonly places: readonly BucketFolder[];
  /** Names of the databases. */
  readonly databases: readonly string[];
  /** Key of the buckets; undefined with Amazon S3's own. */
  readonly key?: string | undefined;
}

/**
 * What a crawler needs of IAM: to read the layers, to keep their tables up to date, to log. Source:
 * AWS Glue developer guide, "Crawler prerequisites", and the managed policy AWSGlueServiceRole,
 * here with the actions and resources of these crawlers alone.
 */
export function crawlerStatements({
  partition,
  region,
  account,
  places,
  databases,
  key,
}: CrawlerResources): Readonly<Record<string, unknown>>[] {
  const glue = `arn:${partition}:glue:${region}:${account}`;
  const logs = `arn:${partition}:logs:${region}:${account}:log-group:/aws-glue/crawlers`;
  return [
    ...listStatements("List", ["s3:GetBucketLocation", "s3:ListBucket"], places),
    { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: objectsIn(places) },
    ...(key ? [{ Sid: "Decrypt", Effect: "Allow", Action: "kms:Decrypt", Resource: key }] : []),
    {
      Sid: "Catalog",
      Effect: "Allow",
      Action: [
        "glue:BatchCreatePartition",
        "glue:BatchGetPartition",
        "glue:BatchUpdatePartition",
        "glue:CreateTable",
        "glue:GetDatabase",
        "glue:GetPartition",
        "glue:GetPartitions",
        "glue:GetTable",
        "glue:GetTables",
        "glue:UpdatePartition",
        "glue:UpdateTable",
      ],
      Resource: [
        `${glue}:catalog`,
        ...databases.flatMap((name) => [`${glue}:database/${name}`, `${glue}:table/${name}/*`]),
      ],
    },
    {
      Sid: "Log",
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: [logs, `${logs}:log-stream:*`],
    },
  ];
}
