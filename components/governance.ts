import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { analystGrants, tenantGrants } from "../model/aws/grants";
import { CATALOG_LAYERS, type CatalogLayer } from "../model/aws/names";
import { tenantNames } from "../model/aws/tenant-names";
import { UserError } from "../model/errors";
import type { Lake } from "../model/lake";
import type { Folders } from "../model/zones";
import type { Catalog } from "./catalog";
import { type DeploymentPlace, deploymentPlace } from "./deployment-place";
import { LakeTags } from "./lake-tags";
import type { Query } from "./query";
import { ReaderAccess, type ReaderAccessArgs, type ReaderSettings } from "./reader-access";
import { RegisteredLocations } from "./registered-locations";
import { ServiceGrants } from "./service-grants";
import type { Workgroup } from "./workgroup";

export interface GovernanceArgs {
  /** The lake whose tenancy and sensitivities say who may read what. */
  readonly lake: Lake;
  readonly catalog: Catalog;
  /** The workgroups of the readers, one for each tenant among them. */
  readonly query: Query;
  /** The layers' buckets and that of Athena's results. */
  readonly buckets: Readonly<Record<CatalogLayer | "results", aws.s3.Bucket>>;
  /**
   * Of each content in its bucket.
   * @default those of a lake without zones, with a bucket for each
   */
  readonly folders?: Folders;
  /**
   * Key of these buckets.
   * @default Amazon S3's own
   */
  readonly key?: aws.kms.Key;
  /**
   * The role of the lake's job, which keeps silver and gold tables up to date.
   * @default no grants for a job
   */
  readonly jobRole?: aws.iam.Role;
  /**
   * The tenants that may read, by id: a tenant is added or off-boarded by its one line here.
   * @default none
   */
  readonly tenants?: Readonly<Record<string, ReaderSettings>>;
  /**
   * Who reads silver and gold across tenants.
   * @default a role that is created
   */
  readonly analysts?: ReaderSettings;
  /**
   * Who reads all of bronze, silver and gold: the lake's owners.
   * @default a role that is created
   */
  readonly team?: ReaderSettings;
  /**
   * ARNs of the IAM roles and users that deploy, as given to the catalog.
   * @default whoever made something changes it, nobody else
   */
  readonly deployers?: readonly string[];
}

/**
 * Who may read what of one lake, by Lake Formation: tenants their own rows and analysts all rows of
 * explicit columns in silver and gold, the team everything in bronze, silver and gold. Quarantine,
 * change files and bookkeeping are in no catalog and no registered location: nobody reads them here.
 */
export class Governance extends pulumi.ComponentResource {
  readonly locations: RegisteredLocations;
  readonly tags: LakeTags;
  readonly team: ReaderAccess;
  readonly analysts: ReaderAccess;
  /** By the tenant's id. */
  readonly tenants: Readonly<Record<string, ReaderAccess>>;
  readonly jobGrants?: ServiceGrants;
  private readonly place: pulumi.Output<DeploymentPlace>;

  constructor(
    private readonly name: string,
    private readonly args: GovernanceArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:governance:Governance", name, {}, opts);
    const { lake, catalog, query, key, jobRole, deployers } = args;
    this.place = deploymentPlace(this);
    this.locations = new RegisteredLocations(
      name,
      { buckets: args.buckets, folders: args.folders, ...(key ? { key } : {}) },
      { parent: this },
    );
    this.tags = new LakeTags(name, { lake, catalog, deployers }, { parent: this });
    if (jobRole) this.jobGrants = this.grantJob(jobRole);
    this.team = this.createReader("team", query.team, {
      ...args.team,
      description: `Owners of lake ${name}`,
      layers: CATALOG_LAYERS,
      grants: "everything",
    });
    this.analysts = this.createReader("analysts", query.analysts, {
      ...args.analysts,
      description: `Analysts of lake ${name}, across tenants`,
      layers: ["silver", "gold"],
      grants: analystGrants(lake),
    });
    this.tenants = this.createTenants();
    this.registerOutputs({ team: this.team.role?.arn, analysts: this.analysts.role?.arn });
  }

  private grantJob(role: aws.iam.Role): ServiceGrants {
    const { locations, args } = this;
    return new ServiceGrants(
      `${this.name}-job`,
      { role, catalog: args.catalog, locations, layers: ["silver", "gold"] },
      { parent: this },
    );
  }

  private createTenants(): Record<string, ReaderAccess> {
    const { lake, query, tenants = {} } = this.args;
    const names = tenantNames(Object.keys(tenants));
    return Object.fromEntries(
      [...names].map(([id, tenant]) => [
        id,
        this.createReader(`tenant-${tenant}`, workgroupOf(query, id), {
          ...tenants[id],
          description: `Analysts of tenant ${describable(id)} in lake ${this.name}`,
          layers: ["silver", "gold"],
          grants: tenantGrants(lake, id),
        }),
      ]),
    );
  }

  private createReader(
    kind: string,
    workgroup: Workgroup,
    own: Pick<ReaderAccessArgs, "description" | "layers" | "grants"> & ReaderSettings,
  ): ReaderAccess {
    const { place } = this;
    const { catalog, buckets, key } = this.args;
    return new ReaderAccess(
      `${this.name}-${kind}`,
      { ...own, catalog, workgroup, place, results: buckets.results, ...(key ? { key } : {}) },
      { parent: this },
    );
  }
}

function workgroupOf(query: Query, tenant: string): Workgroup {
  const found = query.tenants[tenant];
  if (found) return found;
  throw new UserError(`tenants: "${tenant}" has no workgroup; name it in Query's tenants as well`);
}

/** What the description of a role may hold: IAM takes Latin characters alone. */
function describable(id: string): string {
  return id.replace(/[^\x20-\x7e\xa1-\xff]/g, "?");
}
