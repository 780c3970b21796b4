/** The lake's layers: the schema names that queries are written with. */
export const LAYERS = ["bronze", "silver", "gold", "quarantine", "ops"] as const;

export type Layer = (typeof LAYERS)[number];

/** The catalog's database by layer: locally the layer's own name, on AWS such as `saas_dev_silver`. */
export type Databases = Readonly<Record<Layer, string>>;

/** What the SQL is cut into: comments and strings whole, names with the dot that follows them. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|("(?:[^"]|"")*"|[A-Za-z_]\w*)(\s*\.)?|\d[\w.]*|\s+|[\s\S]/g;

/**
 * Puts the catalog's database names where the SQL says `silver.`, `gold.` and so on. Comments,
 * string literals and names further right (`saas.silver.core_order`, `o.gold`) stay as they are.
 */
export function qualify(sql: string, databases: Databases): string {
  let afterDot = false;
  return sql.replace(TOKEN, (token: string, name?: string, dot?: string) => {
    const layer = afterDot || !dot ? undefined : layerOf(name as string);
    if (!/^(?:\s|--|\/\*)/.test(token)) afterDot = dot !== undefined || token === ".";
    return layer ? `${identifier(databases[layer])}${dot}` : token;
  });
}

function layerOf(name: string): Layer | undefined {
  const plain = name.replaceAll('"', "").toLowerCase();
  return LAYERS.find((layer) => layer === plain);
}

function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
