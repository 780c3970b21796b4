import { CSV_NULL } from "../../model/bronze-format";
import { quoteLiteral } from "../source/identifiers";
import type { BronzeFile } from "./bronze-writer";
import type { ColumnPlan } from "./columns";

/** DuckDB's options of COPY for files as DMS writes them. */
export const CSV_OPTIONS = `FORMAT csv, COMPRESSION gzip, HEADER true, DELIMITER ',', QUOTE '"',
  ESCAPE '"', NULLSTR ${quoteLiteral(CSV_NULL)}`;

/** The same file with its values as text: dates and times in UTC, bytes in hexadecimal digits. */
export function asCsv(file: BronzeFile): BronzeFile {
  const staged = new Set(file.staged);
  const columns = file.columns.map((column) => ({
    ...column,
    expression: textOf(column),
    checks: [...column.checks, ...(staged.has(column.staged) ? markerCheck(column) : [])],
  }));
  return { ...file, columns };
}

function textOf({ type, expression }: ColumnPlan): string {
  if (type === "TIMESTAMPTZ") return `strftime(${expression}, '%Y-%m-%d %H:%M:%S.%f')`;
  if (type === "BLOB") return `lower(hex(${expression}))`;
  return expression;
}

/** A text that is the sign of null. */
function markerCheck({ type, staged }: ColumnPlan): ColumnPlan["checks"] {
  if (type !== "VARCHAR") return [];
  const condition = `${staged} = ${quoteLiteral(CSV_NULL)}`;
  return [{ kind: "nulled", condition, meaning: `that CSV files have for null, read as null` }];
}
