import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loadLake } from "../../../lakes/load";
import type { EnvironmentValues, LakeValues } from "../../../model/aws/outputs";
import { relations } from "../../../model/isolation";

const arn = (service: string, rest: string) => `arn:aws:${service}:us-west-2:123456789012:${rest}`;
export const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
export const TASK_ARN = arn("dms", "task:saas-dev");
export const CONFIG_ARN = arn("dms", "replication-config:saas-dev");

/** The outputs of the SaaS lake in dev with tenant 3, as the program gives them. */
export function deployedValues(changes: Partial<LakeValues> = {}): LakeValues {
  const database = (layer: string) => `saas_dev_${layer}`;
  return {
    databases: { bronze: database("bronze"), silver: database("silver"), gold: database("gold") },
    tables: relations(loadLake("saas")).map(({ layer, name }) => ({
      layer,
      name,
      database: database(layer),
      table: name,
      location: `s3://saas-${layer}/${name}/`,
      format: "hudi" as const,
    })),
    workgroups: {
      team: "saas-dev",
      analysts: "saas-dev-analysts",
      tenants: { "3": "saas-dev-tenant-3" },
    },
    roles: { team: role("team"), analysts: null, tenants: { "3": role("tenant-3") } },
    queries: { team: {}, analysts: {} },
    buckets: {
      bronze: "saas-bronze",
      silver: "saas-silver",
      gold: "saas-gold",
      ops: "saas-ops",
      scripts: "saas-scripts",
      results: "saas-results",
      logs: "saas-logs",
    },
    locations: {
      bronze: "s3://saas-bronze",
      files: "s3://saas-bronze/files",
      silver: "s3://saas-silver",
      gold: "s3://saas-gold",
      ops: "s3://saas-ops",
    },
    job: "saas-dev",
    stateMachines: {
      pipeline: arn("states", "stateMachine:saas-dev"),
      maintenance: arn("states", "stateMachine:saas-dev-maintenance"),
    },
    crawlers: { bronze: "saas-dev-bronze", "silver-hudi": "saas-dev-silver-hudi" },
    grantees: {
      readers: {
        team: [role("team")],
        analysts: [role("analysts")],
        tenants: { "3": [role("tenant-3")] },
      },
      job: role("job"),
      crawlers: null,
      deployers: [],
    },
    replication: { kind: "task", arn: TASK_ARN, captureDdl: false },
    files: null,
    dashboardUrl: "https://us-west-2.console.aws.amazon.com/cloudwatch/home",
    trial: null,
    ...changes,
  };
}

export function environmentValues(changes: Partial<LakeValues> = {}): EnvironmentValues {
  return {
    environment: "dev",
    lakes: { saas: deployedValues(changes) },
    alertsTopicArn: arn("sns", "lakewright-dev"),
    vpcId: "vpc-1",
  };
}

/** A file with these outputs, as `--outputs` takes it. */
export function outputsFile(changes: Partial<LakeValues> = {}): string {
  const file = join(mkdtempSync(join(tmpdir(), "lakewright-outputs-")), "outputs.json");
  writeFileSync(file, JSON.stringify(environmentValues(changes)));
  return file;
}
