import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { CatalogLayer } from "../model/aws/names";
import type { Catalog } from "./catalog";
import type { RegisteredLocations } from "./registered-locations";

export interface ServiceGrantsArgs {
  /** The role under which a job or crawler calls the catalog. */
  readonly role: aws.iam.Role;
  readonly catalog: Catalog;
  readonly locations: RegisteredLocations;
  /** Layers whose tables it keeps up to date. */
  readonly layers: readonly CatalogLayer[];
  /**
   * Whether it may create tables.
   * @default false
   */
  readonly createsTables?: boolean;
}

/**
 * What Lake Formation asks for when a job or crawler keeps catalog tables up to date: partitions and
 * columns of tables, and the locations that these name. Data is read and written by path, under the
 * role's own rights on the buckets. Source: AWS Lake Formation developer guide, "Lake Formation
 * permissions reference" and "Underlying data access control".
 */
export class ServiceGrants extends pulumi.ComponentResource {
  readonly grants: readonly aws.lakeformation.Permissions[];

  constructor(name: string, args: ServiceGrantsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("lakewright:governance:ServiceGrants", name, {}, opts);
    const { catalog, locations, layers } = args;
    const grant = (
      what: string,
      permissions: string[],
      resource: Partial<aws.lakeformation.PermissionsArgs>,
    ) =>
      new aws.lakeformation.Permissions(
        `${name}-${what}`,
        { principal: args.role.arn, permissions, ...resource },
        // Taking back an old grant takes what it shares with the one that replaces it.
        { parent: this, deleteBeforeReplace: true },
      );
    const databases = new Map(layers.map((layer) => [catalog.databases[layer], layer]));
    this.grants = [
      ...[...databases].flatMap(([database, layer]) => [
        grant(
          `database-${layer}`,
          args.createsTables ? ["CREATE_TABLE", "DESCRIBE"] : ["DESCRIBE"],
          {
            database: { name: database.name },
          },
        ),
        grant(`tables-${layer}`, ["ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT"], {
          table: { databaseName: database.name, wildcard: true },
        }),
      ]),
      ...layers.map((layer) =>
        grant(`location-${layer}`, ["DATA_LOCATION_ACCESS"], {
          dataLocation: { arn: locations.locations[layer].arn },
        }),
      ),
    ];
    this.registerOutputs({});
  }
}
