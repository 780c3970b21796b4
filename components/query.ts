import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { athenaSql, layersOf } from "../model/aws/athena-sql";
import { tenantNames } from "../model/aws/tenant-names";
import type { Catalog } from "./catalog";
import { Workgroup, type WorkgroupArgs } from "./workgroup";

/** A query of the lake's library, `sql/<lake>/queries/<name>.sql`. */
export interface LibraryQuery {
  readonly name: string;
  /** What it answers. */
  readonly description: string;
  /** Athena's SQL, but for the databases: tables are written `silver.core_order`. */
  readonly sql: string;
}

export interface QueryArgs {
  /** The tables that are queried. */
  readonly catalog: Catalog;
  /** Bucket of the results, each workgroup's under its own prefix. */
  readonly results: aws.s3.Bucket;
  /**
   * Encrypts the results.
   * @default Amazon S3's own key
   */
  readonly key?: aws.kms.Key;
  /**
   * Ids of the tenants that have a workgroup.
   * @default none
   */
  readonly tenants?: readonly string[];
  /**
   * Queries to save: all of them for the team, for analysts those that read silver and gold alone.
   * @default none
   */
  readonly queries?: readonly LibraryQuery[];
  /**
   * Bytes that a query of the team may scan.
   * @default 1 TiB
   */
  readonly teamCutoffBytes?: number;
  /**
   * Bytes that a query of an analyst may scan.
   * @default 100 GiB
   */
  readonly analystCutoffBytes?: number;
  /**
   * Bytes that a query of a tenant may scan.
   * @default 10 GiB
   */
  readonly tenantCutoffBytes?: number;
  /**
   * Whether queries may read buckets whose requester pays.
   * @default false
   */
  readonly requesterPays?: boolean;
  /**
   * Whether the workgroups of the team and of the analysts may be deleted with the queries that
   * people saved in them. A tenant's goes with the tenant.
   * @default false
   */
  readonly destroyable?: boolean;
}

const GIB = 1024 ** 3;

/** Athena for one lake: a workgroup for the team, one for analysts, one per tenant; saved queries. */
export class Query extends pulumi.ComponentResource {
  readonly team: Workgroup;
  readonly analysts: Workgroup;
  /** By the tenant's id. */
  readonly tenants: Readonly<Record<string, Workgroup>>;
  /** The saved queries by name. */
  readonly queries: Readonly<Record<"team" | "analysts", Record<string, aws.athena.NamedQuery>>>;

  private readonly account: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: QueryArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:query:Query", name, {}, opts);
    this.account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    const destroyable = args.destroyable ?? false;
    this.team = this.createWorkgroup("", {
      description: `Owners of lake ${name}`,
      cutoffBytes: args.teamCutoffBytes ?? 1024 * GIB,
      destroyable,
    });
    this.analysts = this.createWorkgroup("-analysts", {
      description: `Analysts of lake ${name}, across tenants`,
      cutoffBytes: args.analystCutoffBytes ?? 100 * GIB,
      destroyable,
    });
    this.tenants = this.createTenantWorkgroups();
    const queries = args.queries ?? [];
    const open = queries.filter(({ sql }) => !layersOf(sql).includes("bronze"));
    this.queries = {
      team: this.saveQueries("team", this.team, queries),
      analysts: this.saveQueries("analysts", this.analysts, open),
    };
    this.registerOutputs({
      team: this.team.workgroup.name,
      analysts: this.analysts.workgroup.name,
    });
  }

  private createTenantWorkgroups(): Record<string, Workgroup> {
    const names = tenantNames(this.args.tenants ?? []);
    return Object.fromEntries(
      [...names].map(([id, tenant]) => [
        id,
        this.createWorkgroup(`-tenant-${tenant}`, {
          description: `Tenant ${id} of lake ${this.name}`,
          cutoffBytes: this.args.tenantCutoffBytes ?? 10 * GIB,
          destroyable: true,
        }),
      ]),
    );
  }

  private createWorkgroup(
    suffix: string,
    own: Pick<WorkgroupArgs, "description" | "cutoffBytes" | "destroyable">,
  ): Workgroup {
    const { account } = this;
    const { results, key, requesterPays } = this.args;
    return new Workgroup(
      `${this.name}${suffix}`,
      { ...own, account, results, ...(key ? { key } : {}), requesterPays: requesterPays ?? false },
      { parent: this },
    );
  }

  private saveQueries(
    readers: "team" | "analysts",
    { workgroup }: Workgroup,
    queries: readonly LibraryQuery[],
  ): Record<string, aws.athena.NamedQuery> {
    const { catalog } = this.args;
    const save = ({ name, description, sql }: LibraryQuery) =>
      new aws.athena.NamedQuery(
        `${this.name}-${readers}-${name}`,
        {
          name,
          description,
          database: catalog.databases.gold.name,
          workgroup: workgroup.name,
          query: athenaSql(sql, this.name, catalog.layout),
        },
        { parent: this },
      );
    return Object.fromEntries(queries.map((query) => [query.name, save(query)]));
  }
}
