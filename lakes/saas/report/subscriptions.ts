import type { ReportSection } from "../../report";
import { CURRENCY, CURRENCY_FACET, joinTenant } from "./currency";

/** What recurs, what moves it, and who leaves. */
export const subscriptions: ReportSection = {
  id: "subscriptions",
  title: "Subscriptions",
  sentence:
    "Monthly recurring revenue (MRR): what subscribers pay at the end of a month, yearly plans brought to a month; in the running month as of today.",
  facet: CURRENCY_FACET,
  figures: [
    {
      kind: "waterfall",
      title: "What moved MRR",
      sentence:
        "From the end of the month six months back to now. Raised and cut: changes of plan by those who stayed.",
      width: "half",
      faceted: true,
      sql: `WITH months AS (
  SELECT ${CURRENCY} AS currency, recurring.tenant_id, recurring.month, recurring.opening_mrr, recurring.new_mrr,
    recurring.reactivated_mrr, recurring.expansion_mrr, recurring.contraction_mrr, recurring.churned_mrr, recurring.mrr
  FROM gold.subscription_mrr_monthly AS recurring
  ${joinTenant("recurring")}
  WHERE recurring.month >= date_add('month', -5, date_trunc('month', :today)) AND recurring.month <= :today
)
SELECT currency,
  coalesce(sum(opening_mrr) FILTER (WHERE month = date_add('month', -5, date_trunc('month', :today))), 0) AS opening_mrr,
  sum(new_mrr) AS new_mrr, sum(reactivated_mrr) AS reactivated_mrr, sum(expansion_mrr) AS expansion_mrr,
  sum(contraction_mrr) AS contraction_mrr, sum(churned_mrr) AS churned_mrr,
  coalesce(sum(mrr) FILTER (WHERE month = date_trunc('month', :today)), 0) AS mrr
FROM months
GROUP BY currency
ORDER BY count(DISTINCT tenant_id) DESC, currency`,
      opening: { column: "opening_mrr", title: "Then", format: "money" },
      steps: [
        { column: "new_mrr", title: "New", format: "money", direction: "up" },
        { column: "reactivated_mrr", title: "Back", format: "money", direction: "up" },
        { column: "expansion_mrr", title: "Raised", format: "money", direction: "up" },
        { column: "contraction_mrr", title: "Cut", format: "money", direction: "down" },
        { column: "churned_mrr", title: "Lost", format: "money", direction: "down" },
      ],
      closing: { column: "mrr", title: "Now", format: "money" },
      empty: "Nobody has subscribed in the last six months.",
    },
    {
      kind: "series",
      title: "MRR by month",
      sentence: "With the growth on the month before.",
      width: "half",
      faceted: true,
      sql: `SELECT ${CURRENCY} AS currency, recurring.month, sum(recurring.mrr) AS mrr, sum(recurring.arr) AS arr,
  sum(recurring.subscribers) AS subscribers,
  CAST(sum(recurring.mrr) AS double) / nullif(sum(recurring.subscribers), 0) AS arpu,
  CAST(sum(recurring.mrr) AS double) / nullif(CAST(sum(recurring.opening_mrr) AS double), 0) - 1 AS growth,
  CAST(sum(recurring.contraction_mrr) + sum(recurring.churned_mrr) AS double)
    / nullif(CAST(sum(recurring.opening_mrr) AS double), 0) AS revenue_churn,
  CASE WHEN recurring.month >= date_trunc('month', :today) THEN 'now' END AS remark
FROM gold.subscription_mrr_monthly AS recurring
${joinTenant("recurring")}
WHERE recurring.month > date_add('month', -24, :today)
GROUP BY ${CURRENCY}, recurring.month
ORDER BY currency, recurring.month`,
      x: { column: "month", title: "Month", format: "month" },
      series: [
        {
          column: "mrr",
          title: "MRR",
          format: "money",
          mark: "bar",
          label: { column: "growth", format: "change" },
        },
      ],
      details: [
        { column: "arr", title: "ARR", format: "money" },
        { column: "subscribers", title: "Subscribers", format: "count" },
        { column: "arpu", title: "Per subscriber", format: "money" },
        { column: "revenue_churn", title: "Revenue churn", format: "percent" },
      ],
      provisional: "remark",
      empty: "Nobody subscribes yet.",
    },
    {
      kind: "series",
      title: "Subscribers lost",
      sentence: "All currencies: share of the subscribers at the start of the month.",
      width: "half",
      sql: `SELECT month, CAST(sum(churned_subscribers) AS double) / nullif(sum(opening_subscribers), 0) AS churn_rate,
  sum(opening_subscribers) AS opening, sum(churned_subscribers) AS churned,
  CASE WHEN month >= date_trunc('month', :today) THEN 'so far' END AS remark
FROM gold.subscription_mrr_monthly
WHERE month > date_add('month', -24, :today)
GROUP BY month
HAVING sum(opening_subscribers) > 0
ORDER BY month`,
      x: { column: "month", title: "Month", format: "month" },
      series: [
        { column: "churn_rate", title: "Churn", format: "percent", mark: "bar", tone: "down" },
      ],
      details: [
        { column: "opening", title: "At the start", format: "count" },
        { column: "churned", title: "Lost", format: "count" },
      ],
      provisional: "remark",
      empty: "No month has begun with a subscriber yet.",
    },
    {
      kind: "table",
      title: "Plans",
      sentence: "All currencies: paying subscriptions now.",
      width: "half",
      sql: `SELECT concat(plan, ', ', billing_cycle) AS plan, sum(subscriptions) AS subscriptions,
  CAST(sum(subscriptions) AS double) / sum(sum(subscriptions)) OVER () AS share
FROM gold.plan_distribution_monthly
WHERE month = date_trunc('month', :today)
GROUP BY plan, billing_cycle
ORDER BY subscriptions DESC, 1`,
      columns: [
        { column: "plan", title: "Plan", format: "text" },
        { column: "subscriptions", title: "Subscriptions", format: "count", bar: true },
        { column: "share", title: "Share", format: "percent" },
      ],
      empty: "Nobody subscribes at the moment.",
    },
  ],
};
