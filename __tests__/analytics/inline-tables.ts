import { readFileSync } from "node:fs";
import { join } from "node:path";

import { rejectedLinesOf, tablesWithFiles } from "../../model/dropped-files";
import type { Lake } from "../../model/lake";

/** Rows of `gold.revenue_monthly` and the like; a column that a row leaves out is null. */
export type TableRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

interface Column {
  readonly name: string;
  /** Trino's type. */
  readonly type: string;
}

const COMMITTED_AT: Column = { name: "_lw_committed_at", type: "timestamp(6)" };
const RELATION = /\b(bronze|silver|gold|quarantine|ops)\.("?)([a-z_]+\b)\2/g;

/**
 * The query with each relation of the lake written out as a subquery of these rows, in the columns
 * and types that the lake has: Trino then answers it without any table.
 */
export function withInlineTables(sql: string, lake: Lake, rows: TableRows): string {
  return sql.replace(RELATION, (_, layer: string, _quote, name: string) =>
    subquery(columnsOf(lake, layer, name), rows[`${layer}.${name}`] ?? []),
  );
}

function subquery(columns: readonly Column[], rows: TableRows[string]): string {
  const select = (row: Readonly<Record<string, unknown>>) =>
    columns
      .map(({ name, type }) => `CAST(${literal(row[name])} AS ${type}) AS "${name}"`)
      .join(", ");
  if (rows.length === 0) return `(SELECT ${select({})} WHERE false)`;
  return `(${rows.map((row) => `SELECT ${select(row)}`).join(" UNION ALL ")})`;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(", ")}]`;
  return typeof value === "string" ? `'${value.replace(/'/g, "''")}'` : String(value);
}

function columnsOf({ manifest }: Lake, layer: string, name: string): Column[] {
  const isOfLines = tablesWithFiles(manifest).some((each) => rejectedLinesOf(each.name) === name);
  if (layer === "quarantine" && isOfLines) return [{ name: "reasons", type: "array(varchar)" }];
  const table = manifest.tables.find((each) => each.name === name);
  const compiled = layer === "gold" ? manifest.models.find((each) => each.name === name) : table;
  if (layer === "ops") return opsColumns(name);
  if (!compiled) throw new Error(`the lake has no ${layer}.${name}`);
  switch (layer) {
    case "bronze":
      return [{ name: "dms_timestamp", type: "varchar" }];
    case "quarantine":
      return [
        { name: "state", type: "varchar" },
        { name: "reasons", type: "array(varchar)" },
        COMMITTED_AT,
      ];
    default:
      return [
        ...compiled.columns.map((column) => ({ ...column, type: trinoType(column.type) })),
        ...(layer === "silver" ? [COMMITTED_AT] : []),
      ];
  }
}

/** The columns of a bookkeeping table as the Spark application creates it. */
function opsColumns(name: string): Column[] {
  const source = readFileSync(join(__dirname, "../../glue-scripts/lakewright/ops.py"), "utf8");
  const [, text] = new RegExp(`${name.toUpperCase()}_SCHEMA = \\(([^)]*)\\)`).exec(source) ?? [];
  if (!text) throw new Error(`ops.py declares no schema for ops.${name}`);
  const declared = text.replace(/"\s*"|[\n"]/g, "").trim();
  return declared.split(/,\s(?![^<]*>)/).map((column) => {
    const [columnName, type] = column.trim().split(/\s(.*)/) as [string, string];
    // Delta's timestamps have a zone in Trino
    return {
      name: columnName,
      type: type === "timestamp" ? "timestamp(3) with time zone" : trinoType(type),
    };
  });
}

function trinoType(spark: string): string {
  const names: Readonly<Record<string, string>> = {
    string: "varchar",
    int: "integer",
    timestamp: "timestamp(6)",
    "array<string>": "array(varchar)",
    "map<string,bigint>": "map(varchar, bigint)",
  };
  return names[spark] ?? spark;
}
