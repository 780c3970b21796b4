/** Names in the AWS Glue catalog. */

/** The layers that have tables in the catalog. Quarantine, changes and bookkeeping have none. */
export const CATALOG_LAYERS = ["bronze", "silver", "gold"] as const;
export type CatalogLayer = (typeof CATALOG_LAYERS)[number];

/**
 * `per-layer`: databases `<lake>_<environment>_bronze`, `…_silver` and `…_gold`; `single`: one
 * database `<lake>_<environment>`, whose tables begin with `bronze_`, `silver_` or `gold_`.
 */
export type DatabaseLayout = "per-layer" | "single";

/** A table's place in the catalog. */
export interface CatalogName {
  readonly database: string;
  readonly table: string;
}

/**
 * The database that holds a layer. Athena knows lower-case letters, digits and `_` alone in names.
 * @param name lake and environment: `saas-dev`
 */
export function databaseName(name: string, layout: DatabaseLayout, layer: CatalogLayer): string {
  const base = name.replaceAll("-", "_");
  return layout === "single" ? base : `${base}_${layer}`;
}

/** The databases of a lake, each once. */
export function databaseNames(name: string, layout: DatabaseLayout): string[] {
  return [...new Set(CATALOG_LAYERS.map((layer) => databaseName(name, layout, layer)))];
}

/** Where a table or model of the lake stands in the catalog. */
export function catalogName(
  name: string,
  layout: DatabaseLayout,
  layer: CatalogLayer,
  table: string,
): CatalogName {
  return {
    database: databaseName(name, layout, layer),
    table: layout === "single" ? `${layer}_${table}` : table,
  };
}
