import * as pulumi from "@pulumi/pulumi";

import type { Alerts } from "../components/alerts";
import { Catalog } from "../components/catalog";
import { Governance } from "../components/governance";
import { Job } from "../components/job";
import { LakeBuckets } from "../components/lake-buckets";
import { Monitoring } from "../components/monitoring";
import type { Network } from "../components/network";
import { Orchestration } from "../components/orchestration";
import { Query } from "../components/query";
import { Replication } from "../components/replication";
import { TrialDatabase } from "../components/trial-database";
import { loadLake } from "../lakes/load";
import { namedQueries } from "../lakes/query-library";
import { batchInterval } from "../model/aws/replication-endpoints";
import { epochFolder } from "../model/epoch";
import type { Lake } from "../model/lake";
import type { DatabaseSettings, LakeSettings, TrialSettings } from "./lake-settings";

/** What the lakes of an environment share. */
export interface Foundation {
  readonly environment: string;
  readonly destroyable: boolean;
  readonly network: Network;
  readonly publicReplication: boolean;
  readonly alerts: Alerts;
  /** Paths of the jars of deequ and DQDL. */
  readonly qualityJars: readonly string[];
}

/** Composes one lake of an environment, from its buckets to its dashboard. */
export class LakeStack {
  readonly lake: Lake;
  readonly storage: LakeBuckets;
  /** A source to try the lake with, where the settings ask for one. */
  readonly trial?: TrialDatabase;
  readonly replication: Replication;
  readonly catalog: Catalog;
  readonly job: Job;
  readonly query: Query;
  readonly governance: Governance;
  readonly orchestration: Orchestration;
  readonly monitoring: Monitoring;

  private readonly name: string;
  private readonly freshnessMinutes: number;
  private readonly epoch: number;

  /** @param lakeName as in lakes/ */
  constructor(
    lakeName: string,
    private readonly settings: LakeSettings,
    private readonly foundation: Foundation,
  ) {
    this.lake = loadLake(lakeName);
    this.name = `${lakeName}-${foundation.environment}`;
    this.freshnessMinutes =
      settings.freshnessMinutes ?? this.lake.definition.freshnessMinutes?.silver ?? 60;
    this.epoch = settings.replication.epoch ?? 1;
    this.storage = this.createStorage();
    if ("trial" in settings.source) this.trial = this.createTrial(settings.source);
    this.replication = this.createReplication();
    this.catalog = this.createCatalog();
    this.job = this.createJob();
    this.query = this.createQuery();
    this.governance = this.createGovernance();
    this.orchestration = this.createOrchestration();
    this.monitoring = this.createMonitoring();
  }

  private createStorage(): LakeBuckets {
    const { destroyable } = this.foundation;
    return new LakeBuckets(this.name, { ...this.settings.storage, destroyable });
  }

  private createTrial({ trial: _, ...settings }: TrialSettings): TrialDatabase {
    const { network, destroyable } = this.foundation;
    return new TrialDatabase(`${this.name}-trial`, {
      ...settings,
      database: this.lake.definition.source.database,
      vpcId: network.vpcId,
      subnetIds: settings.publicCidrBlocks ? network.publicSubnetIds : network.privateSubnetIds,
      clientSecurityGroupId: network.replicationSecurityGroup.id,
      key: this.storage.key,
      destroyable,
    });
  }

  private createReplication(): Replication {
    const { network, publicReplication, destroyable } = this.foundation;
    const { onDemand: _, ...settings } = this.settings.replication;
    const { key, buckets } = this.storage;
    return new Replication(this.name, {
      ...settings,
      ...this.sourceOfReplication(),
      manifest: this.lake.manifest,
      freshnessMinutes: this.freshnessMinutes,
      bronze: buckets.bronze,
      key,
      logKey: key,
      subnetIds: network.replicationSubnetIds,
      securityGroupIds: [network.replicationSecurityGroup.id],
      reachesSecretsManager: network.reaches("secretsmanager"),
      ...(publicReplication ? { publiclyAccessible: true } : {}),
      destroyable,
    });
  }

  private sourceOfReplication() {
    const { database: lakes } = this.lake.definition.source;
    if (this.trial) {
      const { secret } = this.trial;
      return { database: lakes, secretArn: secret.arn, secretKeyArn: this.storage.key?.arn };
    }
    const { cidrBlocks: _, port: __, ...source } = this.settings.source as DatabaseSettings;
    return { ...source, database: source.database ?? lakes };
  }

  private createCatalog(): Catalog {
    return new Catalog(this.name, {
      manifest: this.lake.manifest,
      buckets: this.storage.buckets,
      epoch: epochFolder(this.epoch),
      layout: this.settings.catalogLayout,
    });
  }

  private createJob(): Job {
    const { environment, qualityJars } = this.foundation;
    const prefix = (layer: string) => (this.catalog.layout === "single" ? `${layer}_` : "");
    const { silver, gold } = this.catalog.databases;
    return new Job(this.name, {
      ...this.settings.job,
      jobName: this.name,
      environment,
      manifest: this.lake.manifest,
      buckets: this.storage.buckets,
      key: this.storage.key,
      catalog: {
        silver: { database: silver.name, prefix: prefix("silver") },
        gold: { database: gold.name, prefix: prefix("gold") },
      },
      qualityJars,
    });
  }

  private createQuery(): Query {
    return new Query(this.name, {
      ...this.settings.queryLimits,
      catalog: this.catalog,
      results: this.storage.buckets.results,
      key: this.storage.key,
      tenants: Object.keys(this.settings.tenants),
      queries: namedQueries(this.lake.definition.name),
      destroyable: this.foundation.destroyable,
    });
  }

  private createGovernance(): Governance {
    const { tenants, analysts, team } = this.settings;
    return new Governance(this.name, {
      lake: this.lake,
      catalog: this.catalog,
      query: this.query,
      buckets: this.storage.buckets,
      key: this.storage.key,
      jobRole: this.job.role,
      tenants,
      analysts,
      team,
    });
  }

  private createOrchestration(): Orchestration {
    const { alerts } = this.foundation;
    const { trigger, job } = this.settings;
    return new Orchestration(this.name, {
      stateMachineName: this.name,
      manifest: this.lake.manifest,
      job: this.job.job,
      topic: alerts.topic,
      topicKey: alerts.key,
      bronze: this.storage.buckets.bronze,
      key: this.storage.key,
      replication: {
        kind: this.replication.config ? "serverless" : "task",
        arn: this.replication.arn,
        epoch: epochFolder(this.epoch),
        batchSeconds: batchInterval(this.freshnessMinutes),
      },
      runs: job.watch ? "watch" : "one",
      trigger: trigger === "arrival" ? "arrival" : "schedule",
      scheduled: trigger !== "none",
      everyMinutes: this.freshnessMinutes,
    });
  }

  private createMonitoring(): Monitoring {
    const { environment, alerts } = this.foundation;
    const { definition, manifest } = this.lake;
    const { instance, arn } = this.replication;
    const workgroups = [this.query.team, this.query.analysts, ...Object.values(this.query.tenants)];
    return new Monitoring(this.name, {
      ...this.settings.monitoring,
      lake: definition.name,
      environment,
      topic: alerts.topic,
      freshnessMinutes: this.freshnessMinutes,
      qualityThreshold: manifest.quality_threshold,
      jobName: this.job.job.name,
      stateMachineArn: this.orchestration.pipeline.arn,
      replication: instance
        ? { instanceId: instance.replicationInstanceId, taskArn: arn }
        : { configArn: arn },
      continuousReplication: !this.settings.replication.onDemand,
      workgroups: workgroups.map(({ name }) => name),
      buckets: this.storage.buckets,
    });
  }
}
