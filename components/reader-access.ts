import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { TableGrant } from "../model/aws/grants";
import type { CatalogLayer } from "../model/aws/names";
import { readerStatements } from "../model/aws/reader-policy";
import { UserError } from "../model/errors";
import type { Catalog } from "./catalog";
import type { DeploymentPlace } from "./deployment-place";
import { policyDocument } from "./policy-document";
import { principalHash } from "./principal-hash";
import type { Workgroup } from "./workgroup";

/** Who a reader is. */
export interface ReaderSettings {
  /**
   * ARNs of roles and users of the account's own that are this reader; they are granted the tables
   * and need the policy attached that the component creates.
   * @default a role that is created
   */
  readonly principals?: readonly string[];
  /**
   * ARNs of those who may take on the role that is created.
   * @default everyone of the account whose own policies allow it
   */
  readonly trusted?: readonly string[];
}

export interface ReaderAccessArgs extends ReaderSettings {
  /** For whom this is, as a sentence's beginning: `Analysts of tenant 3`. */
  readonly description: string;
  readonly catalog: Catalog;
  /** Layers whose databases the reader sees. */
  readonly layers: readonly CatalogLayer[];
  /** What the reader may read: tables one by one, or all that there are and will be. */
  readonly grants: readonly TableGrant[] | "everything";
  /** Where the reader queries. */
  readonly workgroup: Workgroup;
  /** Bucket of the workgroup's results. */
  readonly results: aws.s3.Bucket;
  /**
   * Key of the results.
   * @default Amazon S3's own
   */
  readonly key?: aws.kms.Key;
  readonly place: pulumi.Output<DeploymentPlace>;
}

/** All that one reader may do: a role or principals, its policy, filters and grants. */
export class ReaderAccess extends pulumi.ComponentResource {
  /** Undefined with principals of the account's own. */
  readonly role?: aws.iam.Role;
  /** To be attached to principals of the account's own; undefined with a role that is created. */
  readonly policy?: aws.iam.Policy;
  /** One per table with a row filter, by `silver-orders`. */
  readonly filters: Record<string, aws.lakeformation.DataCellsFilter> = {};
  /** One per principal and database or table. */
  readonly grants: aws.lakeformation.Permissions[] = [];

  constructor(
    private readonly name: string,
    private readonly args: ReaderAccessArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:governance:ReaderAccess", name, {}, opts);
    if (args.principals && args.trusted) {
      throw new UserError(
        `${name}: has both principals and trusted; trusted says who may take on the role that is created where principals are not given, so remove one of them`,
      );
    }
    if (args.principals) this.policy = this.createPolicy();
    else this.role = this.createRole();
    for (const grantee of this.grantees()) {
      this.grantDatabases(grantee);
      if (args.grants === "everything") this.grantEverything(grantee);
      else for (const grant of args.grants) this.grantTable(grantee, grant);
    }
    this.registerOutputs({ roleArn: this.role?.arn, policyArn: this.policy?.arn });
  }

  /**
   * Who is granted what there is. Grants to a principal of the account's own are called after it,
   * so that none is taken from it when another leaves the list; no tenant's name holds `_p`.
   */
  private grantees(): Grantee[] {
    if (this.role) return [{ principal: this.role.arn, name: this.name }];
    return [...new Set(this.args.principals)].map((principal) => ({
      principal,
      name: `${this.name}_p${principalHash(principal)}`,
    }));
  }

  private createRole(): aws.iam.Role {
    const { partition, account } = this.args.place;
    const trusted = this.args.trusted
      ? [...this.args.trusted]
      : pulumi.interpolate`arn:${partition}:iam::${account}:root`;
    const role = new aws.iam.Role(
      this.name,
      {
        description: this.args.description,
        assumeRolePolicy: policyDocument([
          { Effect: "Allow", Principal: { AWS: trusted }, Action: "sts:AssumeRole" },
        ]),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      this.name,
      { role: role.name, policy: this.document() },
      { parent: role },
    );
    return role;
  }

  private createPolicy(): aws.iam.Policy {
    return new aws.iam.Policy(
      this.name,
      { description: this.args.description, policy: this.document() },
      { parent: this },
    );
  }

  private document(): pulumi.Output<string> {
    const { place, workgroup, results, key } = this.args;
    const databases = this.databases().map(({ name }) => name);
    return pulumi
      .all([
        place,
        workgroup.workgroup.arn,
        pulumi.all(databases),
        results.arn,
        pulumi.output(key?.arn),
      ])
      .apply(([where, workgroupArn, names, resultsArn, keyArn]) =>
        policyDocument(
          readerStatements({
            ...where,
            workgroup: workgroupArn,
            databases: names,
            results: resultsArn,
            resultsPrefix: workgroup.resultsPrefix,
            key: keyArn,
          }),
        ),
      );
  }

  /** The databases that the reader sees, each once. */
  private databases(): aws.glue.CatalogDatabase[] {
    return [...new Set(this.args.layers.map((layer) => this.args.catalog.databases[layer]))];
  }

  private grantDatabases(grantee: Grantee): void {
    for (const [index, { name }] of this.databases().entries()) {
      this.grant(grantee, `database-${this.args.layers[index]}`, ["DESCRIBE"], {
        database: { name },
      });
    }
  }

  private grantEverything(grantee: Grantee): void {
    for (const [index, { name }] of this.databases().entries()) {
      this.grant(grantee, `tables-${this.args.layers[index]}`, ["DESCRIBE", "SELECT"], {
        table: { databaseName: name, wildcard: true },
      });
    }
  }

  private grantTable(grantee: Grantee, grant: TableGrant): void {
    const { databaseName, name } = this.args.catalog.tables[grant.layer][grant.table]!;
    const place = `${grant.layer}-${grant.table}`;
    if (grant.rowFilter === null) {
      this.grant(grantee, place, ["SELECT"], {
        tableWithColumns: { databaseName, name, columnNames: [...grant.columns] },
      });
      return;
    }
    const filter = this.cellsFilter(place, grant, grant.rowFilter);
    this.grant(
      grantee,
      place,
      ["SELECT"],
      {
        dataCellsFilter: {
          tableCatalogId: this.args.place.account,
          databaseName,
          tableName: name,
          name: this.name,
        },
      },
      filter,
    );
  }

  /** The reader's filter on a table, named as the reader: the same one for all its principals. */
  private cellsFilter(
    place: string,
    { layer, table, columns }: TableGrant,
    filterExpression: string,
  ): aws.lakeformation.DataCellsFilter {
    const { databaseName, name } = this.args.catalog.tables[layer][table]!;
    return (this.filters[place] ??= new aws.lakeformation.DataCellsFilter(
      `${this.name}-${place}`,
      {
        tableData: {
          tableCatalogId: this.args.place.account,
          databaseName,
          tableName: name,
          name: this.name,
          columnNames: [...columns],
          rowFilter: { filterExpression },
        },
      },
      { parent: this },
    ));
  }

  private grant(
    { principal, name }: Grantee,
    what: string,
    permissions: string[],
    resource: Partial<aws.lakeformation.PermissionsArgs>,
    dependsOn?: pulumi.Resource,
  ): void {
    this.grants.push(
      new aws.lakeformation.Permissions(
        `${name}-${what}`,
        { principal, permissions, ...resource },
        // A new list of columns is a new grant, and taking back the old one takes its columns from
        // the new one too, if that is there already.
        { parent: this, deleteBeforeReplace: true, ...(dependsOn ? { dependsOn } : {}) },
      ),
    );
  }
}

interface Grantee {
  readonly principal: pulumi.Input<string>;
  /** Begins the names of the grants. */
  readonly name: string;
}
