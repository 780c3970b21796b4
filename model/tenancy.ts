import type { TableDefinition, Tenancy } from "./definition";

/** The column that holds the tenant in a table or model; null where every tenant may read. */
export function tenantColumn(
  tenancy: Tenancy | null,
  relation: Pick<TableDefinition, "tenantColumn">,
): string | null {
  if (!tenancy) return null;
  return relation.tenantColumn === undefined ? tenancy.column : relation.tenantColumn;
}
