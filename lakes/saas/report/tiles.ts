import type { Tile } from "../../report";
import { CURRENCY, joinTenant } from "./currency";
import { isWhole, LAST_MONTH, MONTH_BEFORE } from "./periods";

const MONTH_NOTE = `concat('in ', date_format(${LAST_MONTH}, '%M %Y'), ', against the month before')`;

/** Every tile speaks of the last month that is over, or of now. */
export const tiles: readonly Tile[] = [
  moneyTile("Net revenue", "net_revenue", "No revenue in the last month."),
  {
    title: "Monthly recurring revenue",
    sql: `SELECT ${CURRENCY} AS currency, sum(recurring.mrr) AS mrr,
  CAST(sum(recurring.mrr) AS double) / nullif(CAST(sum(recurring.opening_mrr) AS double), 0) - 1 AS growth,
  concat('now, against the end of ', date_format(${LAST_MONTH}, '%M %Y')) AS note
FROM gold.subscription_mrr_monthly AS recurring
${joinTenant("recurring")}
WHERE recurring.month = date_trunc('month', :today)
GROUP BY ${CURRENCY}
ORDER BY count(DISTINCT recurring.tenant_id) DESC, currency`,
    value: { column: "mrr", title: "MRR", format: "money", unit: "currency" },
    change: "growth",
    note: "note",
    empty: "Nobody subscribes at the moment.",
  },
  moneyTile("Average order", "average_order", "No paid order in the last month."),
  countTile("Paid orders", "gold.revenue_monthly", "revenue_orders", "No order in the last month."),
  countTile(
    "Active customers",
    "gold.customer_churn_monthly",
    "active_customers",
    "No active customer in the last month.",
  ),
  {
    title: "Conversion",
    sql: `SELECT CAST(sum(converted_sessions) AS double) / nullif(sum(sessions), 0) AS conversion,
  concat('of ', format('%,d', sum(sessions)), ' sessions in the last 30 full days') AS note
FROM gold.funnel_daily
WHERE session_date >= date_add('day', -30, :today) AND session_date < :today
HAVING sum(sessions) > 0`,
    value: { column: "conversion", title: "Conversion", format: "percent" },
    note: "note",
    empty: "No session in the last 30 days.",
  },
];

/** An amount of the last full month per currency, with its growth. */
function moneyTile(title: string, column: "net_revenue" | "average_order", empty: string): Tile {
  return {
    title,
    sql: `WITH months AS (
  SELECT ${CURRENCY} AS currency, revenue.month,
    sum(revenue.net_revenue) AS net_revenue,
    CAST(sum(revenue.net_revenue) AS double) / nullif(sum(revenue.revenue_orders), 0) AS average_order,
    count(DISTINCT revenue.tenant_id) AS tenants
  FROM gold.revenue_monthly AS revenue
  ${joinTenant("revenue")}
  GROUP BY ${CURRENCY}, revenue.month
)
SELECT this.currency, this.${column}, ${growth(`this.${column}`, `previous.${column}`)} AS growth,
  ${MONTH_NOTE} AS note
FROM months AS this
LEFT JOIN months AS previous
  ON previous.currency = this.currency AND previous.month = ${MONTH_BEFORE}
WHERE this.month = ${LAST_MONTH}
ORDER BY this.tenants DESC, this.currency`,
    value: { column, title, format: "money", unit: "currency" },
    change: "growth",
    note: "note",
    empty,
  };
}

/** A count of the last full month over all tenants, with its growth. */
function countTile(title: string, relation: string, column: string, empty: string): Tile {
  return {
    title,
    sql: `WITH months AS (
  SELECT month, sum(${column}) AS total FROM ${relation} GROUP BY month
)
SELECT this.total, ${growth("this.total", "previous.total")} AS growth, ${MONTH_NOTE} AS note
FROM months AS this
LEFT JOIN months AS previous ON previous.month = ${MONTH_BEFORE}
WHERE this.month = ${LAST_MONTH}`,
    value: { column: "total", title, format: "count" },
    change: "growth",
    note: "note",
    empty,
  };
}

/** Growth on the month before, null where the lake has not all of that month. */
function growth(value: string, previous: string): string {
  return `CASE WHEN ${isWhole(MONTH_BEFORE)} THEN
    CAST(${value} AS double) / nullif(CAST(${previous} AS double), 0) - 1
  END`;
}
