import type { Format } from "../../../lakes/report";
import { type Row, textOf } from "../rows";

/**
 * The rows with a row for every day or month between the first and the last, so that time runs
 * evenly along the axis. An added row has only its period. Rows must be sorted by it.
 */
export function fillPeriods(rows: readonly Row[], column: string, format: Format): Row[] {
  if (rows.length === 0 || (format !== "day" && format !== "month")) return [...rows];
  const filled: Row[] = [];
  let next = textOf(rows[0]!, column).slice(0, 10);
  for (const row of rows) {
    const period = textOf(row, column).slice(0, 10);
    while (next < period) {
      filled.push({ [column]: next });
      next = following(next, format);
    }
    filled.push(row);
    next = following(period, format);
  }
  return filled;
}

function following(period: string, format: "day" | "month"): string {
  const date = new Date(`${period}T00:00:00Z`);
  if (format === "day") date.setUTCDate(date.getUTCDate() + 1);
  else date.setUTCMonth(date.getUTCMonth() + 1, 1);
  return date.toISOString().slice(0, 10);
}
