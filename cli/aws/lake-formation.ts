import {
  GetDataLakeSettingsCommand,
  type LakeFormationClient,
  paginateListDataCellsFilter,
  paginateListPermissions,
  paginateListResources,
  type PrincipalPermissions,
  type PrincipalResourcePermissions,
} from "@aws-sdk/client-lakeformation";

import { type CellsFilter, EVERYONE, type LakePermission } from "../../model/aws/lake-permissions";

/** What an account's Lake Formation says of everyone and of administrators. */
export interface DataLakeSettings {
  /** ARNs. */
  readonly administrators: readonly string[];
  /** What everyone gets on every new `database` or `table`. */
  readonly openDefaults: readonly ("database" | "table")[];
}

export async function dataLakeSettings(client: LakeFormationClient): Promise<DataLakeSettings> {
  const { DataLakeSettings: found } = await client.send(new GetDataLakeSettingsCommand({}));
  const isOpen = (defaults: PrincipalPermissions[] = []) =>
    defaults.some(
      ({ Principal, Permissions = [] }) =>
        Principal?.DataLakePrincipalIdentifier === EVERYONE && Permissions.length > 0,
    );
  const openDefaults: ("database" | "table")[] = [];
  if (isOpen(found?.CreateDatabaseDefaultPermissions)) openDefaults.push("database");
  if (isOpen(found?.CreateTableDefaultPermissions)) openDefaults.push("table");
  return {
    administrators: (found?.DataLakeAdmins ?? []).flatMap(
      ({ DataLakePrincipalIdentifier: arn }) => arn ?? [],
    ),
    openDefaults,
  };
}

/**
 * Every permission on these databases, their tables and these locations, and those that LF-Tags
 * give, by the tags' keys that begin with `tagPrefix`.
 */
export async function listPermissions(
  client: LakeFormationClient,
  of: {
    readonly databases: readonly string[];
    readonly locations: readonly string[];
    readonly tagPrefix: string;
  },
): Promise<LakePermission[]> {
  const found: LakePermission[] = [];
  for await (const page of paginateListPermissions({ client }, {})) {
    found.push(...(page.PrincipalResourcePermissions ?? []).flatMap(permissionsOf));
  }
  return found.filter(
    ({ place }) =>
      of.databases.includes(place) ||
      of.locations.includes(place) ||
      place.startsWith(`LF-Tag ${of.tagPrefix}`),
  );
}

/** One entry of Lake Formation's list, a permission each. */
export function permissionsOf(entry: PrincipalResourcePermissions): LakePermission[] {
  const principal = entry.Principal?.DataLakePrincipalIdentifier ?? "";
  const place = resourceOf(entry);
  if (!place) return [];
  return (entry.Permissions ?? []).map((permission) => ({ principal, permission, ...place }));
}

/** `TABLE_WILDCARD` comes back under this name as well. */
const ALL_TABLES = "ALL_TABLES";

function resourceOf({
  Resource,
}: PrincipalResourcePermissions): Pick<LakePermission, "place" | "table" | "cells"> | undefined {
  const { Database, Table, TableWithColumns, DataCellsFilter, DataLocation, LFTagPolicy } =
    Resource ?? {};
  const tableName = (name: string | undefined) => (!name || name === ALL_TABLES ? "*" : name);
  if (Database) return { place: Database.Name ?? "" };
  if (Table) return { place: Table.DatabaseName ?? "", table: tableName(Table.Name) };
  if (TableWithColumns) {
    const { DatabaseName, Name, ColumnNames, ColumnWildcard } = TableWithColumns;
    const excluded = ColumnWildcard?.ExcludedColumnNames ?? [];
    const columns = ColumnNames ?? (excluded.length > 0 ? [`all but ${excluded.join(", ")}`] : []);
    return {
      place: DatabaseName ?? "",
      table: tableName(Name),
      ...(columns.length > 0 ? { cells: { columns } } : {}),
    };
  }
  if (DataCellsFilter) {
    const { DatabaseName, TableName, Name } = DataCellsFilter;
    return {
      place: DatabaseName ?? "",
      table: TableName ?? "",
      cells: { filter: Name ?? "" },
    };
  }
  if (DataLocation) return { place: DataLocation.ResourceArn ?? "" };
  const [tag] = LFTagPolicy?.Expression ?? [];
  return tag && { place: `LF-Tag ${tag.TagKey}=${tag.TagValues?.join("|")}` };
}

/** The filters on tables of these databases. */
export async function listFilters(
  client: LakeFormationClient,
  databases: readonly string[],
): Promise<CellsFilter[]> {
  const found: CellsFilter[] = [];
  for await (const page of paginateListDataCellsFilter({ client }, {})) {
    for (const filter of page.DataCellsFilters ?? []) {
      if (!databases.includes(filter.DatabaseName ?? "")) continue;
      found.push({
        database: filter.DatabaseName ?? "",
        table: filter.TableName ?? "",
        name: filter.Name ?? "",
        expression: filter.RowFilter?.FilterExpression ?? "TRUE",
        columns: filter.ColumnNames ?? ["every column, those to come among them"],
      });
    }
  }
  return found;
}

/** ARNs of the locations that Lake Formation gives out. */
export async function registeredLocations(client: LakeFormationClient): Promise<string[]> {
  const found: string[] = [];
  for await (const page of paginateListResources({ client }, {})) {
    found.push(...(page.ResourceInfoList ?? []).flatMap(({ ResourceArn }) => ResourceArn ?? []));
  }
  return found;
}
