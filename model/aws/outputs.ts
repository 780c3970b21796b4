import { z } from "zod";

import { CONTENTS } from "../zones";
import { CATALOG_LAYERS } from "./names";

const table = z.strictObject({
  layer: z.enum(CATALOG_LAYERS),
  /** The table's or model's name in the lake's definition. */
  name: z.string(),
  /** Where it is in the AWS Glue catalog. */
  database: z.string(),
  table: z.string(),
  /** `s3://` address. */
  location: z.string(),
  format: z.enum(["parquet", "csv", "hudi", "delta"]),
});

const readers = <T extends z.ZodType>(of: T) =>
  z.strictObject({
    /** The lake's owners. */
    team: of,
    /** Across tenants. */
    analysts: of,
    /** By the tenant's id. */
    tenants: z.record(z.string(), of),
  });

const lake = z.strictObject({
  databases: z.strictObject({ bronze: z.string(), silver: z.string(), gold: z.string() }),
  tables: z.array(table),
  /** Names of Athena's workgroups. */
  workgroups: readers(z.string()),
  /** ARNs of the roles to take on for querying; null where the readers are principals of one's own. */
  roles: readers(z.string().nullable()),
  /** Ids of the saved queries by name, in the team's and the analysts' workgroups. */
  queries: z.strictObject({
    team: z.record(z.string(), z.string()),
    analysts: z.record(z.string(), z.string()),
  }),
  /** Bucket names by what they hold. */
  buckets: z.record(z.string(), z.string()),
  /** `s3://` addresses of the folders that hold all of a content, without a slash at the end. */
  locations: z.record(z.enum(CONTENTS), z.string()),
  /** Name of the AWS Glue job. */
  job: z.string(),
  /** ARNs. */
  stateMachines: z.strictObject({ pipeline: z.string(), maintenance: z.string() }),
  /** Names of AWS Glue's crawlers by what they crawl: `bronze`, `silver-hudi`. */
  crawlers: z.record(z.string(), z.string()),
  /** ARNs of those whom Lake Formation grants the lake's tables. */
  grantees: z.strictObject({
    readers: readers(z.array(z.string())),
    job: z.string(),
    crawlers: z.string().nullable(),
    /** Those that deploy, where the settings name them. */
    deployers: z.array(z.string()),
  }),
  replication: z.strictObject({
    kind: z.enum(["task", "serverless"]),
    arn: z.string(),
    /** Whether columns that are added to the source come without a reload. */
    captureDdl: z.boolean(),
  }),
  /** Dropped files: null for a lake whose tables have none. */
  files: z
    .strictObject({
      /** `s3://` address below which each table has its folder. */
      location: z.string(),
      /** The DataSync task that copies them there, where one does. */
      taskArn: z.string().nullable(),
      /** The role for those who may start it, where there are some. */
      starterRoleArn: z.string().nullable(),
    })
    .nullable(),
  dashboardUrl: z.string(),
  /** The trial source: its address, and the secrets of its master user and of replication. */
  trial: z
    .strictObject({ address: z.string(), masterSecretArn: z.string(), secretArn: z.string() })
    .nullable(),
});

/**
 * The contract of an environment's stack outputs with those who use its lakes. Names of keys stay;
 * new ones may come.
 */
export const environmentOutputs = z.strictObject({
  environment: z.string(),
  /** By the lake's name. */
  lakes: z.record(z.string(), lake),
  /** SNS topic of the alerts. */
  alertsTopicArn: z.string(),
  vpcId: z.string(),
});

/** One lake's. */
export type LakeValues = z.output<typeof lake>;

/** The outputs' values once they are known. */
export type EnvironmentValues = z.output<typeof environmentOutputs>;
