import { loadLake } from "../../../lakes/load";
import { expectedPermissions, type LakePermission } from "../../../model/aws/lake-permissions";
import { deployedValues } from "./deployed-values";

/** What the program grants. */
export const wanted = expectedPermissions(loadLake("saas"), "dev", deployedValues());

/** An entry as Lake Formation lists it. */
function entry({ principal, permission, place, table, cells }: LakePermission) {
  const at = { DatabaseName: place, Name: table === "*" ? "ALL_TABLES" : table };
  const isSelect = permission === "SELECT";
  let Resource: object = { Database: { Name: place } };
  if (place.startsWith("arn:")) Resource = { DataLocation: { ResourceArn: place } };
  else if (cells && "filter" in cells)
    Resource = { DataCellsFilter: { DatabaseName: place, TableName: table, Name: cells.filter } };
  else if (cells)
    Resource = { TableWithColumns: { ...at, ColumnNames: [...cells.columns].reverse() } };
  else if (table !== undefined && isSelect)
    Resource = { TableWithColumns: { ...at, ColumnWildcard: {} } };
  else if (table !== undefined) Resource = { Table: { ...at, TableWildcard: {} } };
  return {
    Principal: { DataLakePrincipalIdentifier: principal },
    Resource,
    Permissions: [permission],
  };
}

/** Lake Formation as the program leaves it, with these changes. */
export function lakeFormationAnswers(
  change: {
    permissions?: (found: LakePermission[]) => LakePermission[];
    filter?: object;
    settings?: object;
    registered?: string[];
    tables?: object[];
  } = {},
) {
  const permissions = (change.permissions ?? ((found) => found))([...wanted.permissions]);
  const half = Math.ceil(permissions.length / 2);
  const admin = { DataLakePrincipalIdentifier: "arn:aws:iam::123456789012:user/operator" };
  return {
    GetDataLakeSettings: () => ({
      DataLakeSettings: { DataLakeAdmins: [admin], ...change.settings },
    }),
    ListPermissions: ({ NextToken }: Record<string, unknown>) => ({
      PrincipalResourcePermissions: (NextToken
        ? permissions.slice(half)
        : permissions.slice(0, half)
      ).map(entry),
      ...(NextToken ? {} : { NextToken: "more" }),
    }),
    ListDataCellsFilter: () => ({
      DataCellsFilters: wanted.filters.map((filter, index) => ({
        TableCatalogId: "123456789012",
        DatabaseName: filter.database,
        TableName: filter.table,
        Name: filter.name,
        RowFilter: { FilterExpression: filter.expression },
        ColumnNames: filter.columns,
        ...(index === 0 ? change.filter : {}),
      })),
    }),
    ListResources: () => ({
      ResourceInfoList: (change.registered ?? ["arn:aws:s3:::saas-silver"]).map((ResourceArn) => ({
        ResourceArn,
      })),
    }),
    GetTables: () => ({ TableList: change.tables ?? [] }),
  };
}
