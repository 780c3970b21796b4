-- Grain: a plan and billing cycle of a tenant in a month in which somebody pays for it. Answers: how are
-- subscriptions and recurring revenue spread over the plans? Shares are of the tenant's month.
WITH plans AS (
  SELECT
    tenant_id,
    plan,
    billing_cycle,
    month,
    count(*) AS subscriptions,
    count(DISTINCT customer_id) AS subscribers,
    CAST(sum(monthly_amount) AS DECIMAL(18, 2)) AS mrr
  FROM gold.subscription_months
  GROUP BY tenant_id, plan, billing_cycle, month
)

SELECT
  tenant_id,
  plan,
  billing_cycle,
  month,
  subscriptions,
  subscribers,
  mrr,
  CAST(
    subscriptions / CAST(sum(subscriptions) OVER (PARTITION BY tenant_id, month) AS DECIMAL(18, 0))
    AS DECIMAL(9, 4)
  ) AS subscription_share,
  CAST(mrr / sum(mrr) OVER (PARTITION BY tenant_id, month) AS DECIMAL(9, 4)) AS mrr_share
FROM plans
