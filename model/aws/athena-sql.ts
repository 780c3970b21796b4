import { CATALOG_LAYERS, type CatalogLayer, catalogName, type DatabaseLayout } from "./names";

/**
 * Text, comments and other quoted names, which stay as they are; or a table of a layer, as the
 * lake's SQL writes it: `silver.core_order`, `silver."order"`.
 */
const PARTS =
  /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|(?<![\w."])(bronze|silver|gold)\.("?)([a-z_]\w*)\2|"(?:[^"]|"")*"/gi;

/** The lake's SQL in Athena's dialect, with the databases and tables of one environment's catalog. */
export function athenaSql(sql: string, name: string, layout: DatabaseLayout): string {
  return sql.replace(
    PARTS,
    (part: string, layer?: string, quote?: string, table?: string): string => {
      if (layer === undefined || table === undefined) return part;
      const found = catalogName(name, layout, layer.toLowerCase() as CatalogLayer, table);
      return `${found.database}.${quote}${found.table}${quote}`;
    },
  );
}

/** The layers that the lake's SQL reads. */
export function layersOf(sql: string): CatalogLayer[] {
  const found = [...sql.matchAll(PARTS)].map(([, layer]) => layer?.toLowerCase());
  return CATALOG_LAYERS.filter((layer) => found.includes(layer));
}
