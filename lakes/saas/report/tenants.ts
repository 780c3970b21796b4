import type { ReportSection } from "../../report";
import { CURRENCY } from "./currency";

/** How the tenants compare. */
export const tenants: ReportSection = {
  id: "tenants",
  title: "Tenants",
  sentence:
    "Each sees only its own rows in the lake; this page sees all. The last full month, the one with most orders first.",
  figures: [
    {
      kind: "table",
      title: "By tenant",
      sql: `WITH sold AS (
  SELECT tenant_id, revenue_orders, net_revenue, growth_rate
  FROM gold.revenue_monthly
  WHERE month = date_add('month', -1, date_trunc('month', :today))
),
recurring AS (
  SELECT tenant_id, mrr, subscribers
  FROM gold.subscription_mrr_monthly
  WHERE month = date_add('month', -1, date_trunc('month', :today))
),
visits AS (
  SELECT tenant_id, CAST(sum(converted_sessions) AS double) / nullif(sum(sessions), 0) AS conversion
  FROM gold.funnel_daily
  WHERE session_date >= date_add('month', -1, date_trunc('month', :today))
    AND session_date < date_trunc('month', :today)
  GROUP BY tenant_id
)
SELECT tenant.name, tenant.plan, ${CURRENCY} AS currency, coalesce(sold.revenue_orders, 0) AS orders,
  sold.net_revenue, sold.growth_rate, recurring.mrr, recurring.subscribers, visits.conversion
FROM gold.dim_tenant AS tenant
LEFT JOIN sold ON sold.tenant_id = tenant.tenant_id
LEFT JOIN recurring ON recurring.tenant_id = tenant.tenant_id
LEFT JOIN visits ON visits.tenant_id = tenant.tenant_id
ORDER BY orders DESC, tenant.tenant_id
LIMIT 100`,
      columns: [
        { column: "name", title: "Tenant", format: "text" },
        { column: "orders", title: "Paid orders", format: "count", bar: true },
        { column: "net_revenue", title: "Net revenue", format: "money", unit: "currency" },
        { column: "growth_rate", title: "Growth", format: "change" },
        { column: "mrr", title: "MRR", format: "money", unit: "currency" },
        { column: "subscribers", title: "Subscribers", format: "count" },
        { column: "conversion", title: "Conversion", format: "percent" },
        { column: "plan", title: "Plan", format: "text" },
      ],
      shown: 20,
      empty: "There is no tenant yet.",
    },
  ],
};
