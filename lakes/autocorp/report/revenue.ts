import type { ReportSection } from "../../report";
import { isWhole } from "./periods";

/** What was earned, and how it grows. */
export const revenue: ReportSection = {
  id: "revenue",
  title: "Revenue",
  sentence: "Orders that are completed or paid; after discount, before tax.",
  figures: [
    {
      kind: "series",
      title: "By month",
      sentence:
        "Sales of the counters come in files, as totals. Months that are not whole in the lake are drawn lighter.",
      width: "half",
      sql: `SELECT this.month, this.net_revenue - this.counter_revenue AS workshop_revenue, this.counter_revenue,
  this.revenue_orders, this.average_order_value,
  CASE WHEN ${isWhole("previous.month")} AND this.month < date_trunc('month', :today) THEN this.growth_rate END AS growth,
  CASE
    WHEN this.month >= date_trunc('month', :today) THEN 'so far'
    WHEN NOT ${isWhole("this.month")} THEN 'partial'
  END AS remark
FROM gold.revenue_monthly AS this
LEFT JOIN gold.revenue_monthly AS previous ON previous.month = date_add('month', -1, this.month)
WHERE this.month > date_add('month', -24, :today) AND this.month <= :today
ORDER BY this.month`,
      x: { column: "month", title: "Month", format: "month" },
      series: [
        {
          column: "workshop_revenue",
          title: "Workshops",
          format: "money",
          mark: "bar",
          stack: "all",
          tone: "main",
          label: { column: "growth", format: "change" },
        },
        {
          column: "counter_revenue",
          title: "Counters",
          format: "money",
          mark: "bar",
          stack: "all",
          tone: "third",
        },
      ],
      details: [
        { column: "revenue_orders", title: "Completed orders", format: "count" },
        { column: "average_order_value", title: "Average order", format: "money" },
      ],
      provisional: "remark",
      empty: "No order in the last two years.",
    },
    {
      kind: "series",
      title: "Parts and labor",
      sentence: "By the lines of orders, before discount.",
      width: "half",
      sql: `SELECT CAST(date_parse(concat(order_month, '-01'), '%Y-%m-%d') AS date) AS month,
  sum(line_total) FILTER (WHERE line_kind = 'part') AS parts,
  sum(line_total) FILTER (WHERE line_kind = 'service') AS labor
FROM gold.fct_order_lines
WHERE is_revenue AND order_date > date_add('month', -24, :today) AND order_date <= :today
GROUP BY order_month
ORDER BY order_month`,
      x: { column: "month", title: "Month", format: "month" },
      series: [
        { column: "parts", title: "Parts", format: "money", mark: "bar", tone: "second" },
        { column: "labor", title: "Labor", format: "money", mark: "bar", tone: "main" },
      ],
      empty: "No line in the last two years.",
    },
  ],
};
