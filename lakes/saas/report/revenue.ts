import type { ReportSection } from "../../report";
import { CURRENCY, CURRENCY_FACET, joinTenant } from "./currency";
import { isWhole } from "./periods";

/** What was sold, and how it grows. */
export const revenue: ReportSection = {
  id: "revenue",
  title: "Revenue",
  sentence:
    "Orders that are paid, shipped or delivered; net of discounts, before tax and shipping.",
  facet: CURRENCY_FACET,
  figures: [
    {
      kind: "series",
      title: "By day",
      sentence: "The last 26 weeks, up to yesterday.",
      faceted: true,
      sql: `WITH days AS (
  SELECT ${CURRENCY} AS currency, revenue.order_date AS day, sum(revenue.net_revenue) AS net_revenue,
    sum(revenue.revenue_orders) AS orders, count(DISTINCT revenue.tenant_id) AS tenants
  FROM gold.revenue_daily AS revenue
  ${joinTenant("revenue")}
  WHERE revenue.order_date >= date_add('day', -188, :today) AND revenue.order_date < :today
  GROUP BY ${CURRENCY}, revenue.order_date
),
calendar AS (
  -- a day without an order is a day without revenue
  SELECT first.currency, first.tenants, every.day
  FROM (
    SELECT currency, min(day) AS day, max(tenants) AS tenants FROM days GROUP BY currency
  ) AS first
  CROSS JOIN UNNEST(sequence(first.day, date_add('day', -1, :today))) AS every (day)
),
filled AS (
  SELECT calendar.currency, calendar.tenants, calendar.day,
    coalesce(days.net_revenue, 0) AS net_revenue, coalesce(days.orders, 0) AS orders
  FROM calendar
  LEFT JOIN days ON days.currency = calendar.currency AND days.day = calendar.day
),
averaged AS (
  SELECT currency, tenants, day, net_revenue, orders,
    -- only where the six days before are in the lake
    CASE WHEN day >= date_add('day', 6, min(day) OVER (PARTITION BY currency)) THEN
      CAST(avg(net_revenue) OVER (
        PARTITION BY currency ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW
      ) AS decimal(18, 2))
    END AS week_average
  FROM filled
)
SELECT currency, day, week_average, net_revenue, orders
FROM averaged
WHERE day >= date_add('day', -182, :today)
ORDER BY tenants DESC, currency, day`,
      x: { column: "day", title: "Day", format: "day" },
      series: [
        { column: "week_average", title: "Average of 7 days", format: "money", mark: "line" },
        { column: "net_revenue", title: "Day", format: "money", mark: "line", tone: "quiet" },
      ],
      details: [{ column: "orders", title: "Paid orders", format: "count" }],
      empty: "No order in the last 26 weeks.",
    },
    {
      kind: "series",
      title: "By month",
      sentence:
        "With the growth on the month before; months that are not whole in the lake are drawn lighter.",
      width: "half",
      faceted: true,
      sql: `WITH months AS (
  SELECT ${CURRENCY} AS currency, revenue.month, sum(revenue.net_revenue) AS net_revenue,
    sum(revenue.revenue_orders) AS orders
  FROM gold.revenue_monthly AS revenue
  ${joinTenant("revenue")}
  GROUP BY ${CURRENCY}, revenue.month
)
SELECT this.currency, this.month, this.net_revenue, this.orders,
  CAST(this.net_revenue AS double) / nullif(this.orders, 0) AS average_order,
  CASE WHEN ${isWhole("previous.month")} THEN
    CAST(this.net_revenue AS double) / nullif(CAST(previous.net_revenue AS double), 0) - 1
  END AS growth,
  CASE
    WHEN this.month >= date_trunc('month', :today) THEN 'so far'
    WHEN NOT ${isWhole("this.month")} THEN 'partial'
  END AS remark
FROM months AS this
LEFT JOIN months AS previous
  ON previous.currency = this.currency AND previous.month = date_add('month', -1, this.month)
WHERE this.month > date_add('month', -24, :today)
ORDER BY this.currency, this.month`,
      x: { column: "month", title: "Month", format: "month" },
      series: [
        {
          column: "net_revenue",
          title: "Net revenue",
          format: "money",
          mark: "bar",
          label: { column: "growth", format: "change" },
        },
      ],
      details: [
        { column: "orders", title: "Paid orders", format: "count" },
        { column: "average_order", title: "Average order", format: "money" },
      ],
      provisional: "remark",
      empty: "No order yet.",
    },
    {
      kind: "series",
      title: "By quarter",
      sentence:
        "With the growth on the quarter before; quarters that are not whole in the lake are drawn lighter.",
      width: "half",
      faceted: true,
      sql: `WITH quarters AS (
  SELECT ${CURRENCY} AS currency, revenue.quarter, sum(revenue.net_revenue) AS net_revenue,
    sum(revenue.revenue_orders) AS orders, max(revenue.months) AS months
  FROM gold.revenue_quarterly AS revenue
  ${joinTenant("revenue")}
  GROUP BY ${CURRENCY}, revenue.quarter
),
marked AS (
  SELECT currency, quarter, net_revenue, orders,
    CASE
      WHEN date_add('month', 3, quarter) > :today THEN 'so far'
      WHEN months < 3 OR NOT ${isWhole("quarter")} THEN 'partial'
    END AS remark
  FROM quarters
)
SELECT this.currency, concat('Q', CAST(quarter(this.quarter) AS varchar), ' ', CAST(year(this.quarter) AS varchar)) AS quarter,
  this.net_revenue, this.orders, this.remark,
  CASE WHEN this.remark IS NULL AND previous.remark IS NULL THEN
    CAST(this.net_revenue AS double) / nullif(CAST(previous.net_revenue AS double), 0) - 1
  END AS growth
FROM marked AS this
LEFT JOIN marked AS previous
  ON previous.currency = this.currency AND previous.quarter = date_add('month', -3, this.quarter)
ORDER BY this.currency, this.quarter`,
      x: { column: "quarter", title: "Quarter", format: "text" },
      series: [
        {
          column: "net_revenue",
          title: "Net revenue",
          format: "money",
          mark: "bar",
          tone: "third",
          label: { column: "growth", format: "change" },
        },
      ],
      details: [{ column: "orders", title: "Paid orders", format: "count" }],
      provisional: "remark",
      empty: "No order yet.",
    },
    {
      kind: "table",
      title: "By category",
      sentence: "The last three full months against the three before.",
      faceted: true,
      sql: `WITH sales AS (
  SELECT ${CURRENCY} AS currency, category.category,
    sum(category.net_revenue) FILTER (WHERE category.month >= date_add('month', -3, date_trunc('month', :today))) AS net_revenue,
    sum(category.units) FILTER (WHERE category.month >= date_add('month', -3, date_trunc('month', :today))) AS units,
    sum(category.net_revenue) FILTER (WHERE category.month < date_add('month', -3, date_trunc('month', :today))) AS previous
  FROM gold.category_revenue_monthly AS category
  ${joinTenant("category")}
  WHERE category.month >= date_add('month', -6, date_trunc('month', :today))
    AND category.month < date_trunc('month', :today)
  GROUP BY ${CURRENCY}, category.category
)
SELECT currency, category, net_revenue, units,
  CAST(net_revenue AS double) / nullif(CAST(sum(net_revenue) OVER (PARTITION BY currency) AS double), 0) AS share,
  CAST(net_revenue AS double) / nullif(CAST(previous AS double), 0) - 1 AS growth
FROM sales
WHERE net_revenue IS NOT NULL
ORDER BY currency, sales.net_revenue DESC, category`,
      columns: [
        { column: "category", title: "Category", format: "text" },
        { column: "net_revenue", title: "Net revenue", format: "money", bar: true },
        { column: "share", title: "Share", format: "percent" },
        { column: "growth", title: "Growth", format: "change" },
        { column: "units", title: "Units", format: "count" },
      ],
      empty: "Nothing was sold in the last three full months.",
    },
  ],
};
