/**
 * PostgreSQL column types and what becomes of them in bronze (Spark reads what DMS writes).
 * Source: AWS DMS User Guide, "Source data types for PostgreSQL" and "Target data types for S3 Parquet".
 */

const SPARK_TYPES: Readonly<Record<string, string>> = {
  bigint: "bigint",
  int8: "bigint",
  integer: "int",
  int: "int",
  int4: "int",
  smallint: "smallint",
  int2: "smallint",
  oid: "bigint",
  boolean: "boolean",
  bool: "boolean",
  timestamptz: "timestamp",
  "timestamp with time zone": "timestamp",
  timestamp: "timestamp",
  "timestamp without time zone": "timestamp",
  date: "date",
  "double precision": "double",
  float8: "double",
  real: "float",
  float4: "float",
  bytea: "binary",
};

/** Types that travel as PostgreSQL writes them. */
const TEXT_TYPES: ReadonlySet<string> = new Set([
  ...["text", "varchar", "character varying", "char", "character", "bpchar", "citext", "name"],
  ...["json", "jsonb", "jsonpath", "xml", "uuid", "hstore", "ltree", "tsvector", "tsquery"],
  ...["time", "time without time zone", "timetz", "time with time zone", "interval"],
  ...["money", "bit", "bit varying", "varbit", "inet", "cidr", "macaddr", "macaddr8", "pg_lsn"],
  ...["point", "line", "lseg", "box", "path", "polygon", "circle"],
  ...["int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"],
  ...["int4multirange", "int8multirange", "nummultirange"],
  ...["tsmultirange", "tstzmultirange", "datemultirange"],
]);

/** Largest precision of a decimal in Spark, Hive and Parquet. */
const MAX_PRECISION = 38;

export type TypeResult = { readonly sparkType: string } | { readonly problem: string };

/**
 * The Spark type in which a PostgreSQL column arrives in bronze, or what is wrong with the type:
 * a numeric without precision would be rounded to six decimals by DMS and is refused.
 */
export function sparkType(sourceType: string): TypeResult {
  const type = sourceType.trim().toLowerCase();
  if (type.endsWith("[]")) return { sparkType: "string" };
  const match =
    /^([a-z0-9 ]+?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?(\s+with(?:out)? time zone)?$/.exec(
      type,
    );
  const base = match ? `${match[1]}${match[4] ?? ""}` : type;
  if (base === "numeric" || base === "decimal") return decimal(sourceType, match?.[2], match?.[3]);
  const found = TEXT_TYPES.has(base) ? "string" : SPARK_TYPES[base];
  if (found) return { sparkType: found };
  return {
    problem: `type "${sourceType}" is not a PostgreSQL type that the lake can carry; declare an enumeration or other type as text`,
  };
}

function decimal(sourceType: string, precision?: string, scale = "0"): TypeResult {
  if (precision === undefined) {
    return {
      problem: `"${sourceType}" needs precision and scale, such as numeric(12,2): DMS would round it to six decimals`,
    };
  }
  if (Number(precision) > MAX_PRECISION || Number(scale) > Number(precision)) {
    return {
      problem: `"${sourceType}" does not fit: precision at most ${MAX_PRECISION}, scale at most precision`,
    };
  }
  return { sparkType: `decimal(${precision},${scale})` };
}
