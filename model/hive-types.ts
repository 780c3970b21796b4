/**
 * Spark's column types as Hive's metastore names them. Both write most types the same way; Hive has
 * no other names for the integers and no timestamp without time zone.
 */

const SIMPLE: Readonly<Record<string, string>> = {
  boolean: "boolean",
  tinyint: "tinyint",
  byte: "tinyint",
  smallint: "smallint",
  short: "smallint",
  int: "int",
  integer: "int",
  bigint: "bigint",
  long: "bigint",
  float: "float",
  real: "float",
  double: "double",
  string: "string",
  binary: "binary",
  date: "date",
  timestamp: "timestamp",
  timestamp_ltz: "timestamp",
  timestamp_ntz: "timestamp",
};

const SIZED = /^(decimal|varchar|char)\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)$/;
const NESTED = /^(array|map|struct)<(.*)>$/;

/**
 * Hive's name of a Spark SQL type: `decimal(12,2)`, `array<struct<name:string,value:double>>`.
 * @throws Error for a type that Hive does not have, such as an interval
 */
export function hiveType(sparkType: string): string {
  const type = sparkType.trim().toLowerCase();
  const simple = SIMPLE[type];
  if (simple) return simple;
  const sized = SIZED.exec(type);
  if (sized) return `${sized[1]}(${[sized[2], sized[3]].filter(Boolean).join(",")})`;
  const nested = NESTED.exec(type);
  if (!nested) throw new Error(`Hive has no column type for Spark's "${sparkType}"`);
  const parts = splitTopLevel(nested[2] as string);
  const inner = nested[1] === "struct" ? parts.map(structField) : parts.map(hiveType);
  return `${nested[1]}<${inner.join(",")}>`;
}

function structField(field: string): string {
  const colon = field.indexOf(":");
  return `${field.slice(0, colon).trim()}:${hiveType(field.slice(colon + 1))}`;
}

/** Parts between the commas that stand outside brackets. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  [...text].forEach((character, index) => {
    if (character === "<" || character === "(") depth++;
    if (character === ">" || character === ")") depth--;
    if (character === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  });
  return [...parts, text.slice(start)];
}
