import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { CATALOG_LAYERS, type CatalogLayer } from "../model/aws/names";
import type { LakeStack } from "./lake";

const table = z.strictObject({
  layer: z.enum(CATALOG_LAYERS),
  /** The table's or model's name in the lake's definition. */
  name: z.string(),
  /** Where it is in the AWS Glue catalog. */
  database: z.string(),
  table: z.string(),
  /** `s3://` address. */
  location: z.string(),
  format: z.enum(["parquet", "hudi", "delta"]),
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
  /** Name of the AWS Glue job. */
  job: z.string(),
  /** ARNs. */
  stateMachines: z.strictObject({ pipeline: z.string(), maintenance: z.string() }),
  replication: z.strictObject({ kind: z.enum(["task", "serverless"]), arn: z.string() }),
  dashboardUrl: z.string(),
  /** The trial source: its address and the secret with its master user's password. */
  trial: z.strictObject({ address: z.string(), masterSecretArn: z.string() }).nullable(),
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

/** The same as the program gives them. */
export interface EnvironmentOutputs {
  readonly environment: string;
  readonly lakes: Readonly<Record<string, pulumi.Output<LakeValues>>>;
  readonly alertsTopicArn: pulumi.Output<string>;
  readonly vpcId: pulumi.Output<string>;
}

/** What one lake gives. */
export function lakeOutputs(deployed: LakeStack): pulumi.Output<LakeValues> {
  const { catalog, query, governance, orchestration, replication, storage, trial } = deployed;
  return pulumi.output({
    databases: {
      bronze: catalog.databases.bronze.name,
      silver: catalog.databases.silver.name,
      gold: catalog.databases.gold.name,
    },
    tables: CATALOG_LAYERS.flatMap((layer) => tablesOf(deployed, layer)),
    workgroups: {
      team: query.team.workgroup.name,
      analysts: query.analysts.workgroup.name,
      tenants: mapValues(query.tenants, ({ workgroup }) => workgroup.name),
    },
    roles: {
      team: governance.team.role?.arn ?? null,
      analysts: governance.analysts.role?.arn ?? null,
      tenants: mapValues(governance.tenants, ({ role }) => role?.arn ?? null),
    },
    queries: {
      team: mapValues(query.queries.team, ({ id }) => id),
      analysts: mapValues(query.queries.analysts, ({ id }) => id),
    },
    buckets: mapValues(storage.buckets, ({ bucket }) => bucket),
    job: deployed.job.job.name,
    stateMachines: {
      pipeline: orchestration.pipeline.arn,
      maintenance: orchestration.maintenance.arn,
    },
    replication: {
      kind: replication.config ? ("serverless" as const) : ("task" as const),
      arn: replication.arn,
    },
    dashboardUrl: deployed.monitoring.dashboardUrl,
    trial: trial
      ? { address: trial.instance.address, masterSecretArn: trial.masterSecretArn }
      : null,
  });
}

function tablesOf({ catalog, lake: { manifest } }: LakeStack, layer: CatalogLayer) {
  const formats = new Map(
    [...manifest.tables, ...manifest.models].map(({ name, format }) => [name, format]),
  );
  return Object.entries(catalog.tables[layer]).map(([name, declared]) => ({
    layer,
    name,
    database: declared.databaseName,
    table: declared.name,
    location: declared.storageDescriptor.apply((storage) => storage?.location ?? ""),
    format: layer === "bronze" ? ("parquet" as const) : formats.get(name)!,
  }));
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
