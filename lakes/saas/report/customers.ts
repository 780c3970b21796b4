import type { ReportSection } from "../../report";

/** Who buys, who comes back, who is lost. */
export const customers: ReportSection = {
  id: "customers",
  title: "Customers",
  sentence:
    "An order keeps a customer active in its month and the two after it; one who then does not order is lost in the third.",
  figures: [
    {
      kind: "heatmap",
      title: "Who comes back",
      sentence:
        "Customers by the month of their first order, and the share of them that bought again so many months later. The newest month of each row is still running.",
      sql: `WITH months AS (
  SELECT cohort_month, months_since, sum(active_customers) AS active
  FROM gold.retention_cohorts
  WHERE cohort_month > date_add('month', -13, :today) AND months_since <= 12
  GROUP BY cohort_month, months_since
),
cohorts AS (
  SELECT cohort_month, active AS customers FROM months WHERE months_since = 0
),
cells AS (
  -- a month in which nobody came back has no row, and is zero; the newest cohort has no month yet
  SELECT cohorts.cohort_month, cohorts.customers, since.months_since,
    date_diff('month', cohorts.cohort_month, date_trunc('month', :today)) AS age
  FROM cohorts
  CROSS JOIN UNNEST(
    sequence(1, greatest(1, date_diff('month', cohorts.cohort_month, date_trunc('month', :today))))
  ) AS since (months_since)
)
SELECT cells.cohort_month, cells.customers, cells.months_since,
  CASE WHEN cells.months_since <= cells.age THEN
    CAST(coalesce(months.active, 0) AS double) / cells.customers
  END AS retention
FROM cells
LEFT JOIN months
  ON months.cohort_month = cells.cohort_month AND months.months_since = cells.months_since
ORDER BY cells.cohort_month, cells.months_since`,
      row: { column: "cohort_month", title: "First order", format: "month" },
      size: { column: "customers", title: "Customers", format: "count" },
      column: { column: "months_since", title: "Months later", format: "count" },
      value: { column: "retention", title: "Bought again", format: "percent" },
      empty: "No customer has ordered yet.",
    },
    {
      kind: "series",
      title: "Active and lost",
      sentence: "Below the line: lost in the month.",
      width: "half",
      sql: `SELECT month, sum(active_customers) - sum(new_customers) - sum(reactivated_customers) AS staying,
  sum(new_customers) AS new_customers, sum(reactivated_customers) AS reactivated,
  -sum(lost_customers) AS lost,
  CAST(sum(lost_customers) AS double) / nullif(sum(active_at_start), 0) AS churn_rate,
  CASE WHEN month >= date_trunc('month', :today) THEN 'so far' END AS remark
FROM gold.customer_churn_monthly
WHERE month > date_add('month', -24, :today)
GROUP BY month
ORDER BY month`,
      x: { column: "month", title: "Month", format: "month" },
      series: [
        {
          column: "staying",
          title: "Staying",
          format: "count",
          mark: "bar",
          stack: "all",
          tone: "main",
        },
        {
          column: "new_customers",
          title: "New",
          format: "count",
          mark: "bar",
          stack: "all",
          tone: "third",
        },
        {
          column: "reactivated",
          title: "Back again",
          format: "count",
          mark: "bar",
          stack: "all",
          tone: "quiet",
        },
        { column: "lost", title: "Lost", format: "count", mark: "bar", stack: "all", tone: "down" },
      ],
      details: [{ column: "churn_rate", title: "Churn", format: "percent" }],
      provisional: "remark",
      empty: "No customer has ordered yet.",
    },
    {
      kind: "series",
      title: "Sign-ups and first purchases",
      width: "half",
      sql: `SELECT month, sum(sign_ups) AS sign_ups, sum(first_time_buyers) AS first_time_buyers,
  CASE WHEN month >= date_trunc('month', :today) THEN 'so far' END AS remark
FROM gold.customer_acquisition_monthly
WHERE month > date_add('month', -12, :today) AND month <= :today
GROUP BY month
ORDER BY month`,
      x: { column: "month", title: "Month", format: "month" },
      series: [
        { column: "sign_ups", title: "Signed up", format: "count", mark: "bar", tone: "quiet" },
        {
          column: "first_time_buyers",
          title: "Bought for the first time",
          tone: "main",
          format: "count",
          mark: "bar",
        },
      ],
      provisional: "remark",
      empty: "Nobody has signed up in the last twelve months.",
    },
  ],
};
