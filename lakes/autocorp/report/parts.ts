import type { ReportSection } from "../../report";

/** What lies in stock, and what must be ordered. */
export const parts: ReportSection = {
  id: "parts",
  title: "Parts",
  sentence: "Use counts orders that are not cancelled, of the 90 days up to today.",
  figures: [
    {
      kind: "table",
      title: "Stock",
      width: "half",
      sql: `SELECT stock_state, count(*) AS parts, sum(stock_value) AS stock_value, sum(units_used_90_days) AS used
FROM gold.part_reorder
WHERE is_active
GROUP BY stock_state
ORDER BY parts DESC, stock_state`,
      columns: [
        { column: "stock_state", title: "State", format: "text" },
        { column: "parts", title: "Parts", format: "count", bar: true },
        { column: "stock_value", title: "Value at cost", format: "money" },
        { column: "used", title: "Used in 90 days", format: "count" },
      ],
      empty: "There is no part yet.",
    },
    {
      kind: "table",
      title: "To order first",
      sentence: "Stock for 30 days beyond the reorder level is suggested.",
      width: "half",
      sql: `SELECT part.name, reorder.stock_state, reorder.stock_quantity, reorder.units_used_90_days, reorder.suggested_quantity
FROM gold.part_reorder AS reorder
INNER JOIN silver.auto_parts AS part ON part.part_id = reorder.part_id
WHERE reorder.is_active AND reorder.suggested_quantity > 0 AND reorder.units_used_90_days > 0
ORDER BY reorder.units_used_90_days DESC, reorder.part_id
LIMIT 30`,
      columns: [
        { column: "name", title: "Part", format: "text" },
        { column: "suggested_quantity", title: "Order", format: "count", bar: true },
        { column: "stock_quantity", title: "In stock", format: "count" },
        { column: "units_used_90_days", title: "Used in 90 days", format: "count" },
        { column: "stock_state", title: "State", format: "text" },
      ],
      shown: 8,
      empty: "Nothing is to be ordered.",
    },
  ],
};
