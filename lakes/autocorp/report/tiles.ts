import type { Format, Tile } from "../../report";
import { isWhole, LAST_MONTH } from "./periods";

export const tiles: readonly Tile[] = [
  monthTile("Net revenue", "net_revenue", "money"),
  monthTile("Completed orders", "revenue_orders", "count"),
  monthTile("Average order", "average_order_value", "money"),
  monthTile("Customers", "customers", "count"),
  {
    title: "Parts to order",
    sql: `SELECT count_if(suggested_quantity > 0) AS parts,
  concat('of ', format('%,d', count(*)), ', ', CAST(count_if(stock_state = 'out of stock') AS varchar), ' out of stock') AS note
FROM gold.part_reorder
WHERE is_active
HAVING count(*) > 0`,
    value: { column: "parts", title: "Parts", format: "count" },
    note: "note",
    empty: "There is no part yet.",
  },
  {
    title: "Orders that do not add up",
    sql: `SELECT (SELECT count(*) FROM gold.order_total_check) AS orders,
  concat('of ', format('%,d', sum(orders)), ' in all') AS note
FROM gold.revenue_monthly
HAVING sum(orders) > 0`,
    value: { column: "orders", title: "Orders", format: "count" },
    note: "note",
    empty: "There is no order yet.",
  },
];

/** A figure of the last full month, with its growth where the month before is whole. */
function monthTile(title: string, column: string, format: Format): Tile {
  return {
    title,
    sql: `SELECT this.${column},
  CASE WHEN ${isWhole("previous.month")} THEN
    CAST(this.${column} AS double) / nullif(CAST(previous.${column} AS double), 0) - 1
  END AS growth,
  concat('in ', date_format(this.month, '%M %Y'), ', against the month before') AS note
FROM gold.revenue_monthly AS this
LEFT JOIN gold.revenue_monthly AS previous ON previous.month = date_add('month', -1, this.month)
WHERE this.month = ${LAST_MONTH}`,
    value: { column, title, format },
    change: "growth",
    note: "note",
    empty: "No order in the last month.",
  };
}
