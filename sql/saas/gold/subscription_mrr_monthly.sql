-- Grain: a month of a tenant with a paying or just lost subscriber. Answers: what recurs monthly (MRR) and
-- yearly (ARR), what moved it, and how many left? MRR = opening + new + reactivated + expansion - contraction
-- - churned. The running month is as of today.
WITH months AS (
  SELECT
    tenant_id,
    month,
    CAST(sum(previous_mrr) AS DECIMAL(18, 2)) AS opening_mrr,
    CAST(coalesce(sum(mrr) FILTER (WHERE movement = 'new'), 0) AS DECIMAL(18, 2)) AS new_mrr,
    CAST(coalesce(sum(mrr) FILTER (WHERE movement = 'reactivated'), 0) AS DECIMAL(18, 2)) AS reactivated_mrr,
    CAST(coalesce(sum(mrr - previous_mrr) FILTER (WHERE movement = 'expanded'), 0) AS DECIMAL(18, 2))
      AS expansion_mrr,
    CAST(coalesce(sum(previous_mrr - mrr) FILTER (WHERE movement = 'contracted'), 0) AS DECIMAL(18, 2))
      AS contraction_mrr,
    CAST(coalesce(sum(previous_mrr) FILTER (WHERE movement = 'churned'), 0) AS DECIMAL(18, 2)) AS churned_mrr,
    CAST(sum(mrr) AS DECIMAL(18, 2)) AS mrr,
    count_if(previous_mrr > 0) AS opening_subscribers,
    count_if(movement = 'new') AS new_subscribers,
    count_if(movement = 'reactivated') AS reactivated_subscribers,
    count_if(movement = 'churned') AS churned_subscribers,
    count_if(mrr > 0) AS subscribers
  FROM gold.customer_mrr_monthly
  GROUP BY tenant_id, month
)

SELECT
  tenant_id,
  month,
  opening_mrr,
  new_mrr,
  reactivated_mrr,
  expansion_mrr,
  contraction_mrr,
  churned_mrr,
  mrr,
  CAST(mrr * 12 AS DECIMAL(18, 2)) AS arr,
  opening_subscribers,
  new_subscribers,
  reactivated_subscribers,
  churned_subscribers,
  subscribers,
  CAST(mrr / nullif(subscribers, 0) AS DECIMAL(18, 2)) AS arpu,
  CAST(churned_subscribers / CAST(nullif(opening_subscribers, 0) AS DECIMAL(18, 0)) AS DECIMAL(9, 4))
    AS subscriber_churn_rate,
  CAST((contraction_mrr + churned_mrr) / nullif(opening_mrr, 0) AS DECIMAL(9, 4)) AS revenue_churn_rate,
  CAST((opening_mrr + expansion_mrr - contraction_mrr - churned_mrr) / nullif(opening_mrr, 0) AS DECIMAL(12, 4))
    AS net_revenue_retention
FROM months
