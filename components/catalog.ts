import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type CatalogTable, catalogTables } from "../model/aws/catalog";
import { DEPLOYER_RIGHTS } from "../model/aws/deployer-rights";
import {
  CATALOG_LAYERS,
  type CatalogLayer,
  catalogName,
  type DatabaseLayout,
  databaseName,
} from "../model/aws/names";
import { UserError } from "../model/errors";
import type { Manifest } from "../model/manifest";
import { type Folders, foldersOf } from "../model/zones";
import { DeployerGrants, type DeployerRight } from "./deployer-grants";
import { closedDefaults } from "./lake-formation-defaults";

export interface CatalogArgs {
  /** The lake whose tables are declared. */
  readonly manifest: Manifest;
  /** Where the files of each layer are. */
  readonly buckets: Readonly<Record<CatalogLayer, aws.s3.Bucket>>;
  /**
   * Of each content in its bucket.
   * @default those of a lake without zones, with a bucket for each
   */
  readonly folders?: Folders;
  /**
   * The folder of bronze that the bronze tables show: the epoch that replication writes now.
   * @default "e0001"
   */
  readonly epoch?: string;
  /**
   * A database per layer, or a single one whose tables begin with the layer's name.
   * @default "per-layer"
   */
  readonly layout?: DatabaseLayout;
  /**
   * ARNs of the IAM roles and users that may change databases and tables which another of them made.
   * @default whoever made one changes it, nobody else
   */
  readonly deployers?: readonly string[];
}

const DATABASE_DESCRIPTIONS: Readonly<Record<CatalogLayer, string>> = {
  bronze: "change files as replication wrote them",
  silver: "one row per source key, as of the newest change applied",
  gold: "models over silver",
};

/**
 * The AWS Glue databases and tables of one lake, there before any data is, so that row filters on
 * them are too. The columns are those of the lake's definition. A column that the job adds by itself
 * (a source column that appeared) stays unseen by Pulumi until a table's declaration changes; then
 * it is gone from the catalog until the job's next run adds it again. Columns are not left out of
 * updates (`ignoreChanges`), for the filters of the same deployment name them.
 */
export class Catalog extends pulumi.ComponentResource {
  readonly layout: DatabaseLayout;
  /** By layer; the same database three times where the layout is a single one. */
  readonly databases: Readonly<Record<CatalogLayer, aws.glue.CatalogDatabase>>;
  /** By layer and by the table's or model's name in the lake. */
  readonly tables: Readonly<Record<CatalogLayer, Readonly<Record<string, aws.glue.CatalogTable>>>>;
  /** There before a table is changed, and until the last one is deleted. */
  readonly deployerGrants: DeployerGrants;

  constructor(
    private readonly name: string,
    private readonly args: CatalogArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:catalog:Catalog", name, {}, opts);
    this.layout = args.layout ?? "per-layer";
    this.databases = this.createDatabases();
    this.deployerGrants = this.grantDeployers();
    const tables = catalogTables(
      args.manifest,
      epochOf(args),
      args.folders ?? foldersOf(undefined, "per-content"),
    );
    this.tables = {
      bronze: this.createTables(tables, "bronze"),
      silver: this.createTables(tables, "silver"),
      gold: this.createTables(tables, "gold"),
    };
    this.registerOutputs({
      databases: CATALOG_LAYERS.map((layer) => this.databases[layer].name),
    });
  }

  private createDatabases(): Record<CatalogLayer, aws.glue.CatalogDatabase> {
    const closed = closedDefaults(this.name, this);
    if (this.layout === "single") {
      const all = this.createDatabase(this.name, closed, "bronze", "every layer");
      return { bronze: all, silver: all, gold: all };
    }
    const perLayer = (layer: CatalogLayer) =>
      this.createDatabase(`${this.name}-${layer}`, closed, layer, DATABASE_DESCRIPTIONS[layer]);
    return { bronze: perLayer("bronze"), silver: perLayer("silver"), gold: perLayer("gold") };
  }

  private createDatabase(
    name: string,
    closed: pulumi.Output<true>,
    layer: CatalogLayer,
    description: string,
  ): aws.glue.CatalogDatabase {
    return new aws.glue.CatalogDatabase(
      name,
      {
        name: databaseName(this.name, this.layout, layer),
        // By way of this argument nothing is created while the account's defaults are open.
        description: closed.apply(() => `Lake ${this.name}: ${description}`),
      },
      { parent: this },
    );
  }

  private grantDeployers(): DeployerGrants {
    const layers = new Map(CATALOG_LAYERS.map((layer) => [this.databases[layer], layer]));
    const rights = [...layers].flatMap(([owner, layer]): [string, DeployerRight][] => {
      const { database, tables } = DEPLOYER_RIGHTS;
      const table = { databaseName: owner.name, wildcard: true };
      return [
        [
          `database-${layer}`,
          { permissions: database, target: { database: { name: owner.name } }, owner },
        ],
        [`tables-${layer}`, { permissions: tables, target: { table }, owner }],
      ];
    });
    return new DeployerGrants(
      this.name,
      { deployers: this.args.deployers ?? [], rights: Object.fromEntries(rights) },
      { parent: this },
    );
  }

  private createTables(
    tables: readonly CatalogTable[],
    layer: CatalogLayer,
  ): Record<string, aws.glue.CatalogTable> {
    return Object.fromEntries(
      tables
        .filter((table) => table.layer === layer)
        .map((table) => [table.name, this.createTable(table)]),
    );
  }

  private createTable(table: CatalogTable): aws.glue.CatalogTable {
    const location = pulumi.interpolate`s3://${this.args.buckets[table.layer].bucket}/${table.prefix}`;
    const database = this.databases[table.layer];
    return new aws.glue.CatalogTable(
      `${this.name}-${table.layer}-${table.name}`,
      {
        databaseName: database.name,
        name: catalogName(this.name, this.layout, table.layer, table.name).table,
        description: table.description,
        tableType: "EXTERNAL_TABLE",
        parameters: table.parameters,
        partitionKeys: [...table.partitionKeys],
        storageDescriptor: {
          location,
          columns: [...table.columns],
          inputFormat: table.storage.inputFormat,
          outputFormat: table.storage.outputFormat,
          serDeInfo: {
            serializationLibrary: table.storage.serde,
            parameters: {
              "serialization.format": "1",
              ...(table.pathInSerde ? { path: location } : {}),
            },
          },
        },
      },
      { parent: this, dependsOn: [...this.deployerGrants.grants] },
    );
  }
}

function epochOf({ epoch = "e0001" }: CatalogArgs): string {
  if (/^e\d{4,}$/.test(epoch)) return epoch;
  throw new UserError(
    `epoch: found "${epoch}", expected the name of a bronze folder such as e0001`,
  );
}
