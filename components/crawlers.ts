import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { crawlerStatements, type CrawlerTarget, crawlerTargets } from "../model/aws/crawlers";
import type { CatalogLayer } from "../model/aws/names";
import { UserError } from "../model/errors";
import type { Manifest } from "../model/manifest";
import { type Folders, foldersOf, rootOf } from "../model/zones";
import type { Catalog } from "./catalog";
import { deploymentPlace } from "./deployment-place";
import { policyDocument, serviceTrust } from "./policy-document";
import type { RegisteredLocations } from "./registered-locations";
import { ServiceGrants } from "./service-grants";

export interface CrawlersArgs {
  readonly manifest: Manifest;
  readonly catalog: Catalog;
  readonly locations: RegisteredLocations;
  readonly buckets: Readonly<Record<CatalogLayer, aws.s3.Bucket>>;
  /**
   * Of each content in its bucket.
   * @default those of a lake without zones, with a bucket for each
   */
  readonly folders?: Folders;
  /**
   * Decrypts the buckets.
   * @default Amazon S3's own key, which needs no rights
   */
  readonly key?: aws.kms.Key;
  /**
   * The layers that are crawled.
   * @default bronze, silver and gold
   */
  readonly layers?: readonly CatalogLayer[];
  /**
   * When the crawlers run, as AWS writes schedules in UTC: `cron(0 4 * * ? *)`. A run is billed for
   * at least 10 minutes of each crawler.
   * @default on demand
   */
  readonly schedule?: string;
}

/**
 * AWS Glue crawlers that look for columns and partitions which the catalog does not have: a second
 * opinion, for the tables are declared and the job keeps them up to date. They read by the rights of
 * their role: Lake Formation's credentials would allow a crawler one declared table alone (AWS Glue
 * developer guide, "Configuring a crawler to use Lake Formation credentials").
 */
export class Crawlers extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  readonly grants: ServiceGrants;
  /** By what they crawl: `bronze`, `silver-hudi`, `gold-delta`. */
  readonly crawlers: Readonly<Record<string, aws.glue.Crawler>>;

  constructor(
    private readonly name: string,
    private readonly args: CrawlersArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:catalog:Crawlers", name, {}, opts);
    const layers = args.layers ?? ["bronze", "silver", "gold"];
    if (args.schedule !== undefined && !/^cron\(.+\)$/.test(args.schedule)) {
      throw new UserError(
        `schedule: found "${args.schedule}", expected AWS's form such as cron(0 4 * * ? *)`,
      );
    }
    this.role = this.createRole();
    const policy = this.allowCrawling(layers);
    const { catalog, locations } = args;
    this.grants = new ServiceGrants(
      `${name}-crawler`,
      { role: this.role, catalog, locations, layers, createsTables: true },
      { parent: this },
    );
    this.crawlers = Object.fromEntries(
      crawlerTargets(args.manifest, layers, this.folders).map((target) => [
        target.name,
        this.createCrawler(target, [policy, ...this.grants.grants]),
      ]),
    );
    this.registerOutputs({
      crawlers: Object.values(this.crawlers).map((crawler) => crawler.name),
    });
  }

  private get folders(): Folders {
    return this.args.folders ?? foldersOf(undefined, "per-content");
  }

  private createRole(): aws.iam.Role {
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    return new aws.iam.Role(
      `${this.name}-crawler`,
      {
        description: `Crawlers of lake ${this.name}`,
        assumeRolePolicy: serviceTrust("glue.amazonaws.com", accountId),
      },
      { parent: this },
    );
  }

  private allowCrawling(layers: readonly CatalogLayer[]): aws.iam.RolePolicy {
    const { buckets, catalog, key } = this.args;
    const databases = [...new Set(layers.map((layer) => catalog.databases[layer]))];
    const policy = pulumi
      .all([
        deploymentPlace(this),
        pulumi.all(
          layers.map((layer) => ({
            bucket: buckets[layer].arn,
            folder: rootOf(this.folders[layer]),
          })),
        ),
        pulumi.all(databases.map(({ name }) => name)),
        pulumi.output(key?.arn),
      ])
      .apply(([place, places, names, keyArn]) =>
        policyDocument(crawlerStatements({ ...place, places, databases: names, key: keyArn })),
      );
    return new aws.iam.RolePolicy(
      `${this.name}-crawler`,
      { role: this.role.name, policy },
      { parent: this.role },
    );
  }

  private createCrawler(
    { name, layer, format, tables, folders }: CrawlerTarget,
    dependsOn: pulumi.Resource[],
  ): aws.glue.Crawler {
    const { buckets, catalog, schedule } = this.args;
    const database = catalog.databases[layer];
    const paths = folders.map(
      (folder) => pulumi.interpolate`s3://${buckets[layer].bucket}/${folder}/`,
    );
    const declared = tables.map((table) => catalog.tables[layer][table]!.name);
    return new aws.glue.Crawler(
      `${this.name}-${name}`,
      {
        name: `${this.name}-${name}`,
        description: `Columns and partitions of ${layer} of lake ${this.name}`,
        role: this.role.arn,
        databaseName: database.name,
        // What is declared is found by its name, what Hudi and Delta targets find is named by folder.
        ...(catalog.layout === "single" && format !== "parquet"
          ? { tablePrefix: `${layer}_` }
          : {}),
        ...(schedule === undefined ? {} : { schedule }),
        ...(format === "parquet" && {
          catalogTargets: [{ databaseName: database.name, tables: declared }],
        }),
        ...(format === "hudi" && { hudiTargets: [{ paths, maximumTraversalDepth: 1 }] }),
        ...(format === "delta" && {
          deltaTargets: [
            { deltaTables: paths, writeManifest: false, createNativeDeltaTable: true },
          ],
        }),
        // The only behaviour that catalog targets take; and no crawler should drop what is declared.
        schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "LOG" },
        recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
        lakeFormationConfiguration: { useLakeFormationCredentials: false },
        ...(format === "parquet" && { configuration: KEEP_DECLARED_COLUMNS }),
      },
      { parent: this, dependsOn },
    );
  }
}

/**
 * Adds columns and changes none. The grouping is that which catalog targets demand (AWS Glue
 * developer guide, "Setting crawler configuration options using the API").
 */
const KEEP_DECLARED_COLUMNS = JSON.stringify({
  Version: 1.0,
  CrawlerOutput: { Tables: { AddOrUpdateBehavior: "MergeNewColumns" } },
  Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" },
});
