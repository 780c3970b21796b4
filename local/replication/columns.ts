import { lakeColumn } from "../../model/bronze-columns";
import { UserError } from "../../model/errors";
import type { ManifestTable } from "../../model/manifest";
import { quoteIdentifier, quoteLiteral } from "../source/identifiers";

/** A source column in the terms of a stream's relation message or of the catalog. */
export interface ColumnSource {
  readonly name: string;
  /** Object id of the base type. */
  readonly typeOid: number;
  readonly typeModifier: number;
  readonly typeName: string;
}

/** What becomes of a value that the lake's type cannot hold. */
export interface ColumnCheck {
  readonly kind: "cut" | "clamped" | "nulled" | "refused";
  /** DuckDB condition, true for such a value. */
  readonly condition: string;
  /** For messages: `not a number has no decimal form`. */
  readonly meaning: string;
}

/** How a column goes from PostgreSQL's text into Parquet. */
export interface ColumnPlan {
  /** Name in the lake. */
  readonly name: string;
  /** Name of the text column in the staged data. */
  readonly staged: string;
  /** DuckDB type of the Parquet column. */
  readonly type: string;
  /** DuckDB expression over the staged text. */
  readonly expression: string;
  readonly checks: readonly ColumnCheck[];
}

const OID = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  oid: 26,
  json: 114,
  xml: 142,
  float4: 700,
  float8: 701,
  varchar: 1043,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  jsonb: 3802,
} as const;

const SIMPLE: Readonly<Record<number, string>> = {
  [OID.bool]: "BOOLEAN",
  [OID.int2]: "SMALLINT",
  [OID.int4]: "INTEGER",
  [OID.int8]: "BIGINT",
  [OID.oid]: "BIGINT",
  [OID.float4]: "FLOAT",
  [OID.float8]: "DOUBLE",
};

/** Types that DMS treats as large objects, which its limited mode cuts. */
const LARGE: ReadonlySet<number> = new Set([OID.text, OID.json, OID.jsonb, OID.xml, OID.bytea]);

/** Parquet decimals of Spark and DuckDB hold this many digits. */
const MAX_PRECISION = 38;

/**
 * Plans a table's columns.
 *
 * Text, json, uuid, arrays, enumerations and every type that Parquet lacks travel as PostgreSQL's
 * text. Dates and timestamps outside the years 1 to 9999, infinity among them, become the nearest
 * that Spark and Trino can read; a numeric NaN becomes null; both are counted.
 *
 * @param maxLobKb thousands of characters (1024) after which large values are cut; 0 never
 * @throws UserError for a numeric column that states no precision and whose manifest type does not either
 */
export function planColumns(
  columns: readonly ColumnSource[],
  table: ManifestTable | undefined,
  maxLobKb: number,
): ColumnPlan[] {
  return columns.map((column, index) => planColumn(column, `c${index}`, table, maxLobKb));
}

function planColumn(
  column: ColumnSource,
  staged: string,
  table: ManifestTable | undefined,
  maxLobKb: number,
): ColumnPlan {
  const base = { name: lakeColumn(column.name), staged };
  const simple = SIMPLE[column.typeOid];
  if (simple) return { ...base, type: simple, expression: cast(staged, simple), checks: [] };
  switch (column.typeOid) {
    case OID.numeric:
      return { ...base, ...decimal(column, staged, table) };
    case OID.date:
      return { ...base, ...bounded(staged, "DATE", "0001-01-01", "9999-12-31") };
    case OID.timestamp:
      return { ...base, ...timestamp(staged, `${staged} || '+00'`) };
    case OID.timestamptz:
      return { ...base, ...timestamp(staged, staged) };
    default:
      return { ...base, ...text(column.typeOid, staged, maxLobKb) };
  }
}

type Typed = Pick<ColumnPlan, "type" | "expression" | "checks">;

function text(typeOid: number, staged: string, maxLobKb: number): Typed {
  const limit = maxLobKb > 0 && LARGE.has(typeOid) ? maxLobKb * 1024 : undefined;
  const checks: ColumnCheck[] = [];
  if (typeOid === OID.bytea) {
    // Two hexadecimal digits a byte after the leading \x.
    const digits = limit ? `left(substr(${staged}, 3), ${limit * 2})` : `substr(${staged}, 3)`;
    if (limit) checks.push(cutCheck(`length(${staged}) > ${limit * 2 + 2}`, maxLobKb));
    return { type: "BLOB", expression: `unhex(${digits})`, checks };
  }
  if (limit) checks.push(cutCheck(`length(${staged}) > ${limit}`, maxLobKb));
  return { type: "VARCHAR", expression: limit ? `left(${staged}, ${limit})` : staged, checks };
}

function cutCheck(condition: string, maxLobKb: number): ColumnCheck {
  return { kind: "cut", condition, meaning: `cut to ${maxLobKb} KB (source.maxLobKb of the lake)` };
}

function timestamp(staged: string, value: string): Typed {
  return bounded(
    staged,
    "TIMESTAMPTZ",
    "0001-01-01 00:00:00+00",
    "9999-12-31 23:59:59.999999+00",
    value,
  );
}

/** A date or timestamp whose text begins with a year of four digits and does not end in BC. */
function bounded(staged: string, type: string, low: string, high: string, value = staged): Typed {
  const early = `(${staged} = '-infinity' OR ends_with(${staged}, 'BC'))`;
  const inside = `(${staged}[5] = '-' AND NOT ends_with(${staged}, 'BC'))`;
  const expression = `CASE WHEN ${staged} IS NULL THEN NULL
    WHEN ${inside} THEN CAST(${value} AS ${type})
    WHEN ${early} THEN CAST(${quoteLiteral(low)} AS ${type})
    ELSE CAST(${quoteLiteral(high)} AS ${type}) END`;
  const meaning = `outside the years 1 to 9999, written as ${low} or ${high}`;
  return { type, expression, checks: [{ kind: "clamped", condition: `NOT ${inside}`, meaning }] };
}

function decimal(column: ColumnSource, staged: string, table: ManifestTable | undefined): Typed {
  const own = modifierDecimal(column.typeModifier);
  const declared = declaredDecimal(lakeColumn(column.name), table);
  const chosen = own && own.precision <= MAX_PRECISION ? own : declared;
  if (!chosen) throw undeclaredNumeric(column, table);
  const { precision, scale } = chosen;
  const special = `${staged} IN ('NaN', 'Infinity', '-Infinity')`;
  const type = `DECIMAL(${precision},${scale})`;
  const checks: ColumnCheck[] = [
    { kind: "nulled", condition: special, meaning: "not a finite number, written as null" },
  ];
  if (chosen !== own) {
    const fits = `-?0*[0-9]{0,${precision - scale}}([.][0-9]{0,${scale}}0*)?`;
    checks.push({
      kind: "refused",
      condition: `NOT (${special}) AND NOT regexp_full_match(${staged}, '${fits}')`,
      meaning: `does not fit decimal(${precision},${scale}), as the lake's definition declares it`,
    });
  }
  return {
    type,
    expression: `CASE WHEN ${special} THEN NULL ELSE ${cast(staged, type)} END`,
    checks,
  };
}

function undeclaredNumeric(column: ColumnSource, table: ManifestTable | undefined): UserError {
  const where = table ? `${table.source_schema}.${table.source_table}` : "the control tables";
  return new UserError(
    `column ${column.name} of ${where} is ${column.typeName}: no precision that a lake's decimal ` +
      `(at most ${MAX_PRECISION} digits) could keep. Declare one for it in the lake's definition, ` +
      `as numeric(p,s) with p and s that fit its values, or leave it out with evolution "strict"`,
  );
}

/** Precision and scale of a numeric's type modifier, as PostgreSQL packs them. */
function modifierDecimal(modifier: number): { precision: number; scale: number } | undefined {
  if (modifier < 4) return undefined;
  const precision = ((modifier - 4) >> 16) & 0xffff;
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  // PostgreSQL 15 allows numeric(3,-2) and numeric(2,4); Parquet's decimals do not.
  if (scale < 0) return { precision: precision - scale, scale: 0 };
  return { precision: Math.max(precision, scale), scale };
}

function declaredDecimal(
  name: string,
  table: ManifestTable | undefined,
): { precision: number; scale: number } | undefined {
  const declared = table?.source_columns.find((column) => column.name === name)?.type;
  const match = /^decimal\((\d+),\s*(\d+)\)$/.exec(declared ?? "");
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : undefined;
}

function cast(staged: string, type: string): string {
  return `CAST(${staged} AS ${type})`;
}

/** `expression AS "name"`, for a select list. */
export function selected({ expression, name }: Pick<ColumnPlan, "expression" | "name">): string {
  return `${expression} AS ${quoteIdentifier(name)}`;
}
