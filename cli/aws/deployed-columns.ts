import { isHudiColumn } from "../../model/hive-tables";
import { hiveType } from "../../model/hive-types";
import type { ManifestColumn, ManifestTable } from "../../model/manifest";
import { tablesInCatalog } from "./catalog-tables";
import type { DeployedLake } from "./deployed-lake";

/** Columns of a silver table as its readers find them; undefined where they find none. */
export type StoredColumns = (table: ManifestTable) => readonly ManifestColumn[] | undefined;

/** The columns that the catalog of a deployed lake has for its silver tables. */
export async function deployedColumns({
  values,
  clients,
}: Pick<DeployedLake, "values" | "clients">): Promise<StoredColumns> {
  const found = await tablesInCatalog(clients.glue(), [values.databases.silver]);
  return (table) => {
    const at = values.tables.find(({ layer, name }) => layer === "silver" && name === table.name);
    const inCatalog = found.find(({ name }) => at && name === `${at.database}.${at.table}`);
    const declared = new Map(table.columns.map(({ name, type }) => [name, type]));
    return inCatalog?.columns
      .filter(({ name }) => !isHudiColumn(name))
      .map(({ name, type }) => {
        // Hive has one type for several of Spark's.
        const wanted = declared.get(name);
        return { name, type: wanted && hiveType(wanted) === type ? wanted : type };
      });
  };
}
