import * as pulumi from "@pulumi/pulumi";

import type { DeployerGrants } from "../components/deployer-grants";
import type { LakeBuckets } from "../components/lake-buckets";
import type { ReaderAccess } from "../components/reader-access";
import { s3Address } from "../model/aws/bucket-folders";
import { CATALOG_LAYERS, type CatalogLayer } from "../model/aws/names";
import type { LakeValues } from "../model/aws/outputs";
import { type Content, rootOf } from "../model/zones";
import type { LakeStack } from "./lake";
import { hasFiles } from "./lake-files";

/** An environment's outputs as the program gives them; model/aws/outputs.ts is their contract. */
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
    locations: locationsOf(storage),
    job: deployed.job.job.name,
    stateMachines: {
      pipeline: orchestration.pipeline.arn,
      maintenance: orchestration.maintenance.arn,
    },
    crawlers: mapValues(deployed.crawlers?.crawlers ?? {}, ({ name }) => name),
    grantees: {
      readers: {
        team: granteesOf(governance.team),
        analysts: granteesOf(governance.analysts),
        tenants: mapValues(governance.tenants, granteesOf),
      },
      job: deployed.job.role.arn,
      crawlers: deployed.crawlers?.role.arn ?? null,
      deployers: granteesOf(catalog.deployerGrants),
    },
    replication: {
      kind: replication.config ? ("serverless" as const) : ("task" as const),
      arn: replication.arn,
      captureDdl: replication.capturesDdl,
    },
    files: filesOf(deployed),
    dashboardUrl: deployed.monitoring.dashboardUrl,
    trial: trial
      ? {
          address: trial.instance.address,
          masterSecretArn: trial.masterSecretArn,
          secretArn: trial.secret.arn,
        }
      : null,
  });
}

function locationsOf({ buckets, folders }: LakeBuckets) {
  const location = (content: Content) => {
    const { bucket } = buckets[content === "files" ? "bronze" : content];
    return bucket.apply((name) => s3Address(name, rootOf(folders[content])));
  };
  return {
    bronze: location("bronze"),
    files: location("files"),
    silver: location("silver"),
    gold: location("gold"),
    ops: location("ops"),
  };
}

function filesOf({ lake, storage: { buckets, folders }, fileTransfer }: LakeStack) {
  if (!hasFiles(lake)) return null;
  return {
    location: buckets.bronze.bucket.apply((name) => `${s3Address(name, folders.files)}/`),
    taskArn: fileTransfer?.task.arn ?? null,
    starterRoleArn: fileTransfer?.starterRole?.arn ?? null,
  };
}

function granteesOf({ grants }: ReaderAccess | DeployerGrants): pulumi.Output<string[]> {
  const principals = pulumi.all(grants.map(({ principal }) => principal));
  return principals.apply((arns) => [...new Set(arns)]);
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
    format: layer === "bronze" ? manifest.bronze_format : formats.get(name)!,
  }));
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
