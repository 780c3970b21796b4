import { type GlueClient, paginateGetTables } from "@aws-sdk/client-glue";

/** A table as the AWS Glue Data Catalog has it. */
export interface CatalogTable {
  /** With its database: `saas_dev_silver.core_order`. */
  readonly name: string;
  readonly location: string;
  /** Partition columns last; types as Hive writes them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** Tables of the databases. */
export async function tablesInCatalog(
  client: GlueClient,
  databases: readonly string[],
): Promise<CatalogTable[]> {
  const found: CatalogTable[] = [];
  for (const DatabaseName of databases) {
    for await (const page of paginateGetTables({ client }, { DatabaseName })) {
      for (const { Name, StorageDescriptor: storage, PartitionKeys = [] } of page.TableList ?? []) {
        const columns = [...(storage?.Columns ?? []), ...PartitionKeys];
        found.push({
          name: `${DatabaseName}.${Name}`,
          location: storage?.Location ?? "",
          columns: columns.map(({ Name: name = "", Type: type = "" }) => ({ name, type })),
        });
      }
    }
  }
  return found;
}
