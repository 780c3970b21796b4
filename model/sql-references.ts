/** What a model's SQL refers to, by the convention that lake relations are written `silver.x` and `gold.x`. */

const LAYER_REFERENCE = /\b(silver|gold)\.(`?)([a-z_][a-z0-9_]*)\2/gi;

/** Spark SQL's functions that make several rows of one. */
const GENERATOR =
  /\b(explode|explode_outer|posexplode|posexplode_outer|inline|inline_outer|stack)\s*\(/i;

/** SQL without comments and string literals, for looking at its words only. */
export function withoutCommentsAndStrings(sql: string): string {
  return sql.replace(/'(?:[^'\\]|\\.|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("'") ? "''" : " ",
  );
}

/** The lake relations that the SQL reads, `silver.core_order` style, each once, sorted. */
export function inputsOf(sql: string): string[] {
  const found = new Set<string>();
  for (const [, layer, , name] of withoutCommentsAndStrings(sql).matchAll(LAYER_REFERENCE)) {
    found.add(`${layer}.${name}`.toLowerCase());
  }
  return [...found].sort();
}

/** Whether the SQL reads the parameter `:today`. */
export function usesToday(sql: string): boolean {
  return /(?<!:):today\b/.test(withoutCommentsAndStrings(sql));
}

/** What keeps a silver SQL from being row-wise (one source row in, one row out), or null. */
export function rowWiseProblem(sql: string, table: string): string | null {
  const text = withoutCommentsAndStrings(sql).trim();
  const ends = new RegExp(`\\bfrom\\s+(\`?)${table}\\1\\s*;?$`, "i");
  if (!/^select\b/i.test(text)) return "must be one SELECT";
  if (/^select\s+distinct\b/i.test(text))
    return "must not be DISTINCT: one source row in, one row out";
  const generator = GENERATOR.exec(text)?.[1];
  if (generator) {
    return `must not make several rows of one by ${generator}: keep the list as it is, a gold model can take it apart`;
  }
  if (!ends.test(text)) return `must end with FROM ${table}, with nothing after it`;
  return null;
}
