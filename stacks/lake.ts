import type * as pulumi from "@pulumi/pulumi";

import type { Alerts } from "../components/alerts";
import { Catalog } from "../components/catalog";
import { Crawlers } from "../components/crawlers";
import type { FileTransfer } from "../components/file-transfer";
import { Governance } from "../components/governance";
import { Job } from "../components/job";
import { LakeBuckets } from "../components/lake-buckets";
import { Monitoring } from "../components/monitoring";
import type { Network } from "../components/network";
import { Orchestration, PATIENCE_MINUTES } from "../components/orchestration";
import { QualityRulesets } from "../components/quality-rulesets";
import { Query } from "../components/query";
import { Replication } from "../components/replication";
import type { TransferLogs } from "../components/transfer-logs";
import { TrialDatabase } from "../components/trial-database";
import { loadLake } from "../lakes/load";
import { namedQueries } from "../lakes/query-library";
import { batchInterval } from "../model/aws/replication-endpoints";
import { epochFolder } from "../model/epoch";
import type { Lake } from "../model/lake";
import { inFolder } from "../model/zones";
import { freshnessMinutes, goldMinutes } from "./freshness";
import { fileTransfer, hasFiles } from "./lake-files";
import type { DatabaseSettings, LakeSettings, TrialSettings } from "./lake-settings";

/** What the lakes of an environment share. */
export interface Foundation {
  readonly environment: string;
  readonly destroyable: boolean;
  /** ARNs of the IAM roles and users that deploy. */
  readonly deployers: readonly string[];
  readonly network: Network;
  readonly publicReplication: boolean;
  readonly alerts: Alerts;
  /** Where a lake's files are transferred. */
  readonly transferLogs?: TransferLogs;
  /** Paths of the jars of deequ and DQDL. */
  readonly qualityJars: readonly string[];
  /** Options of every component. */
  readonly opts: pulumi.ComponentResourceOptions;
}

/** Composes one lake of an environment, from its buckets to its dashboard. */
export class LakeStack {
  readonly lake: Lake;
  readonly storage: LakeBuckets;
  /** A source to try the lake with, where the settings ask for one. */
  readonly trial?: TrialDatabase;
  readonly replication: Replication;
  /** Where the settings ask for one; else somebody else puts the files there. */
  readonly fileTransfer?: FileTransfer;
  readonly catalog: Catalog;
  /** Unless the settings are against them. */
  readonly qualityRulesets?: QualityRulesets;
  readonly job: Job;
  readonly query: Query;
  readonly governance: Governance;
  /** Where the settings ask for them. */
  readonly crawlers?: Crawlers;
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
    this.freshnessMinutes = freshnessMinutes(settings, this.lake);
    this.epoch = settings.replication.epoch ?? 1;
    this.storage = this.createStorage();
    if ("trial" in settings.source) this.trial = this.createTrial(settings.source.trial);
    this.replication = this.createReplication();
    this.fileTransfer = fileTransfer(this.name, this.lake, settings.files, {
      storage: this.storage,
      logs: foundation.transferLogs,
      opts: foundation.opts,
    });
    this.catalog = this.createCatalog();
    if (settings.qualityRulesets) this.qualityRulesets = this.createQualityRulesets();
    this.job = this.createJob();
    this.query = this.createQuery();
    this.governance = this.createGovernance();
    this.crawlers = this.createCrawlers();
    this.orchestration = this.createOrchestration();
    this.monitoring = this.createMonitoring();
  }

  private createStorage(): LakeBuckets {
    const { destroyable } = this.foundation;
    return new LakeBuckets(
      this.name,
      { ...this.settings.storage, zones: this.lake.definition.zones, destroyable },
      this.foundation.opts,
    );
  }

  private createTrial(settings: TrialSettings): TrialDatabase {
    const { network, destroyable } = this.foundation;
    return new TrialDatabase(
      `${this.name}-trial`,
      {
        ...settings,
        database: this.lake.definition.source.database,
        vpcId: network.vpcId,
        // Also without a public address: one that is wanted later must not move the database.
        subnetIds: network.hasPublicSubnets ? network.publicSubnetIds : network.privateSubnetIds,
        clientSecurityGroupId: network.replicationSecurityGroup.id,
        key: this.storage.key,
        destroyable,
      },
      this.foundation.opts,
    );
  }

  private createReplication(): Replication {
    const { network, publicReplication, destroyable } = this.foundation;
    const { key, buckets, folders } = this.storage;
    return new Replication(
      this.name,
      {
        ...this.settings.replication,
        ...this.sourceOfReplication(),
        manifest: this.lake.manifest,
        freshnessMinutes: this.freshnessMinutes,
        bronze: buckets.bronze,
        folder: folders.bronze,
        key,
        logKey: key,
        subnetIds: network.replicationSubnetIds,
        securityGroupIds: [network.replicationSecurityGroup.id],
        reachesSecretsManager: network.reaches("secretsmanager"),
        ...(publicReplication ? { publiclyAccessible: true } : {}),
        destroyable,
      },
      this.foundation.opts,
    );
  }

  private sourceOfReplication() {
    const { database: lakes } = this.lake.definition.source;
    if (this.trial) {
      const { secret } = this.trial;
      return { database: lakes, secretArn: secret.arn, secretKeyArn: this.storage.key?.arn };
    }
    const { name, engine, secretArn, secretKeyArn, tls, certificate } = (
      this.settings.source as { database: DatabaseSettings }
    ).database;
    return { database: name ?? lakes, engine, secretArn, secretKeyArn, tls, certificate };
  }

  private createCatalog(): Catalog {
    return new Catalog(
      this.name,
      {
        manifest: this.lake.manifest,
        buckets: this.storage.buckets,
        folders: this.storage.folders,
        epoch: epochFolder(this.epoch),
        layout: this.settings.catalogLayout,
        deployers: this.foundation.deployers,
      },
      this.foundation.opts,
    );
  }

  private createQualityRulesets(): QualityRulesets {
    const { manifest } = this.lake;
    return new QualityRulesets(
      this.name,
      { manifest, catalog: this.catalog },
      this.foundation.opts,
    );
  }

  private createJob(): Job {
    const { environment, qualityJars } = this.foundation;
    const gold = goldMinutes(this.settings, this.lake);
    const prefix = (layer: string) => (this.catalog.layout === "single" ? `${layer}_` : "");
    const { databases } = this.catalog;
    return new Job(
      this.name,
      {
        ...this.settings.job,
        ...(gold > this.freshnessMinutes ? { goldMinutes: gold } : {}),
        jobName: this.name,
        environment,
        manifest: this.lake.manifest,
        buckets: this.storage.buckets,
        folders: this.storage.folders,
        key: this.storage.key,
        catalog: {
          silver: { database: databases.silver.name, prefix: prefix("silver") },
          gold: { database: databases.gold.name, prefix: prefix("gold") },
        },
        qualityJars,
      },
      this.foundation.opts,
    );
  }

  private createQuery(): Query {
    return new Query(
      this.name,
      {
        ...this.settings.queries,
        catalog: this.catalog,
        results: this.storage.buckets.results,
        key: this.storage.key,
        tenants: Object.keys(this.settings.tenants),
        queries: namedQueries(this.lake.definition.name),
        destroyable: this.foundation.destroyable,
      },
      this.foundation.opts,
    );
  }

  private createGovernance(): Governance {
    const { tenants, analysts, team } = this.settings;
    return new Governance(
      this.name,
      {
        lake: this.lake,
        catalog: this.catalog,
        query: this.query,
        buckets: this.storage.buckets,
        folders: this.storage.folders,
        key: this.storage.key,
        jobRole: this.job.role,
        tenants,
        analysts,
        team,
        deployers: this.foundation.deployers,
      },
      this.foundation.opts,
    );
  }

  private createCrawlers(): Crawlers | undefined {
    const { crawlers } = this.settings;
    if (!crawlers) return undefined;
    const { layers, when } = crawlers;
    const { buckets, folders, key } = this.storage;
    return new Crawlers(
      this.name,
      {
        manifest: this.lake.manifest,
        catalog: this.catalog,
        locations: this.governance.locations,
        buckets,
        folders,
        key,
        layers,
        ...(when.startsWith("cron(") ? { schedule: when } : {}),
      },
      this.foundation.opts,
    );
  }

  private createOrchestration(): Orchestration {
    const { alerts } = this.foundation;
    const { trigger, job } = this.settings;
    const { buckets, folders, key } = this.storage;
    return new Orchestration(
      this.name,
      {
        stateMachineName: this.name,
        manifest: this.lake.manifest,
        job: this.job.job,
        topic: alerts.topic,
        topicKey: alerts.key,
        bronze: buckets.bronze,
        folder: folders.bronze,
        files: hasFiles(this.lake) ? `${folders.files}/` : undefined,
        key,
        replication: {
          kind: this.replication.config ? "serverless" : "task",
          arn: this.replication.arn,
          epoch: inFolder(folders.bronze, epochFolder(this.epoch)),
          batchSeconds: batchInterval(this.freshnessMinutes),
        },
        crawlers:
          this.settings.crawlers?.when === "afterRuns"
            ? Object.values(this.crawlers!.crawlers).map(({ name }) => name)
            : [],
        // The next watch waits for the one at work, which takes its whole time.
        ...(job.watch
          ? { runs: "watch", patienceMinutes: job.watch.minutes + PATIENCE_MINUTES }
          : {}),
        trigger: trigger === "arrival" ? "arrival" : "schedule",
        scheduled: trigger !== "none",
        everyMinutes: this.freshnessMinutes,
      },
      this.foundation.opts,
    );
  }

  private createMonitoring(): Monitoring {
    const { environment, alerts } = this.foundation;
    const { definition, manifest } = this.lake;
    const { instance, arn } = this.replication;
    const workgroups = [this.query.team, this.query.analysts, ...Object.values(this.query.tenants)];
    return new Monitoring(
      this.name,
      {
        ...this.settings.monitoring,
        lake: definition.name,
        environment,
        topic: alerts.topic,
        freshnessMinutes: this.freshnessMinutes,
        qualityThreshold: manifest.quality_threshold,
        jobName: this.job.job.name,
        trigger: this.settings.trigger,
        stateMachineArn: this.orchestration.pipeline.arn,
        maintenanceArn: this.orchestration.maintenance.arn,
        replication: instance
          ? { instanceId: instance.replicationInstanceId, taskArn: arn }
          : { configArn: arn },
        transfer: this.fileTransfer && {
          taskArn: this.fileTransfer.task.arn,
          agentArns: this.settings.files!.agents,
        },
        workgroups: workgroups.map(({ resultsPrefix }) => resultsPrefix),
        buckets: this.storage.distinct,
      },
      this.foundation.opts,
    );
  }
}
