import type { Lake } from "../lake";
import { DEPLOYER_RIGHTS } from "./deployer-rights";
import { analystGrants, type TableGrant, tenantGrants } from "./grants";
import { CATALOG_LAYERS, type CatalogLayer } from "./names";
import type { LakeValues } from "./outputs";
import { tenantName } from "./tenant-names";

/** The group that stands for everyone whose IAM policies allow the call. */
export const EVERYONE = "IAM_ALLOWED_PRINCIPALS";

/**
 * One permission that Lake Formation has granted, in one form: it lists `SELECT` apart from the
 * table's other permissions, as one on columns.
 */
export interface LakePermission {
  /** ARN, or `IAM_ALLOWED_PRINCIPALS`. */
  readonly principal: string;
  readonly permission: string;
  /** Name of the database, or ARN of the location. */
  readonly place: string;
  /** Undefined: the database itself, or a location; `*`: all tables that there are and will be. */
  readonly table?: string;
  /** Of which rows and columns `SELECT` is; undefined: of all. */
  readonly cells?: { readonly filter: string } | { readonly columns: readonly string[] };
}

/** A filter of rows and columns on one table. */
export interface CellsFilter {
  readonly database: string;
  readonly table: string;
  readonly name: string;
  readonly expression: string;
  readonly columns: readonly string[];
}

/** What Lake Formation should have of one lake. */
export interface LakePermissions {
  readonly permissions: readonly LakePermission[];
  readonly filters: readonly CellsFilter[];
}

/**
 * What the definition says of a deployed lake: the grants that components/governance.ts and
 * components/catalog.ts make. Those on LF-Tags give nobody data; they are not compared.
 */
export function expectedPermissions(
  lake: Lake,
  environment: string,
  values: LakeValues,
): LakePermissions {
  const name = `${lake.definition.name}-${environment}`;
  const { team, analysts, tenants } = values.grantees.readers;
  const permissions: LakePermission[] = [
    ...team.flatMap((principal) => everything(values, principal, ["DESCRIBE", "SELECT"])),
    ...analysts.flatMap((principal) => tables(values, principal, analystGrants(lake), "")),
    ...servicePermissions(values),
    ...deployerPermissions(values),
  ];
  const filters: CellsFilter[] = [];
  for (const [id, principals] of Object.entries(tenants)) {
    const grants = tenantGrants(lake, id);
    const filter = `${name}-tenant-${tenantName(id)}`;
    permissions.push(...principals.flatMap((each) => tables(values, each, grants, filter)));
    for (const { layer, table, columns, rowFilter } of grants) {
      if (rowFilter === null) continue;
      filters.push({
        ...catalogPlace(values, layer, table),
        name: filter,
        expression: rowFilter,
        columns,
      });
    }
  }
  return { permissions, filters };
}

/** Databases and all tables in them. */
function everything(
  { databases }: LakeValues,
  principal: string,
  onTables: readonly string[],
  layers: readonly CatalogLayer[] = CATALOG_LAYERS,
  onDatabase: readonly string[] = ["DESCRIBE"],
): LakePermission[] {
  const places = [...new Set(layers.map((layer) => databases[layer]))];
  return places.flatMap((place) => [
    ...onDatabase.map((permission) => ({ principal, permission, place })),
    ...onTables.map((permission) => ({ principal, permission, place, table: "*" })),
  ]);
}

function tables(
  values: LakeValues,
  principal: string,
  grants: readonly TableGrant[],
  filter: string,
): LakePermission[] {
  return [
    ...everything(values, principal, [], ["silver", "gold"]),
    ...grants.map(({ layer, table, columns, rowFilter }): LakePermission => {
      const found = catalogPlace(values, layer, table);
      const cells = rowFilter === null ? { columns } : { filter };
      return { principal, permission: "SELECT", place: found.database, table: found.table, cells };
    }),
  ];
}

/** What job and crawlers need to keep the catalog up to date. */
function servicePermissions(values: LakeValues): LakePermission[] {
  const onTables = ["ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT"];
  const locations = (principal: string, layers: readonly CatalogLayer[]) =>
    layers.map((layer) => ({
      principal,
      permission: "DATA_LOCATION_ACCESS",
      place: arnOf(values, values.locations[layer]),
    }));
  const { job, crawlers } = values.grantees;
  const crawled = [...new Set(Object.keys(values.crawlers).map((name) => name.split("-")[0]!))];
  const layers = CATALOG_LAYERS.filter((layer) => crawled.includes(layer));
  return [
    ...everything(values, job, onTables, ["silver", "gold"]),
    ...locations(job, ["silver", "gold"]),
    ...(crawlers === null
      ? []
      : [
          ...everything(values, crawlers, onTables, layers, ["CREATE_TABLE", "DESCRIBE"]),
          ...locations(crawlers, layers),
        ]),
  ];
}

function deployerPermissions(values: LakeValues): LakePermission[] {
  const { database, tables } = DEPLOYER_RIGHTS;
  return values.grantees.deployers.flatMap((principal) =>
    everything(values, principal, tables, CATALOG_LAYERS, database),
  );
}

function catalogPlace(values: LakeValues, layer: CatalogLayer, name: string) {
  const found = values.tables.find((each) => each.layer === layer && each.name === name);
  return { database: found?.database ?? values.databases[layer], table: found?.table ?? name };
}

/** ARN of a bucket, or of a folder in it, by its `s3://` address. */
export function arnOf({ grantees }: LakeValues, address: string): string {
  const [, partition] = grantees.job.split(":");
  return `arn:${partition}:s3:::${address.replace("s3://", "")}`;
}
