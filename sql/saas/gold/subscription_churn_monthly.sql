-- Grain: a month and plan of a tenant that began with a paying subscription. Answers: which plans are left, by
-- cancelling (churned) or for another plan (switched)? The running month is as of today.
WITH placed AS (
  SELECT
    tenant_id,
    plan,
    add_months(month, 1) AS month,
    monthly_amount,
    is_churned,
    lead(month) OVER (PARTITION BY subscription_id ORDER BY month) IS NULL AS is_last
  FROM gold.subscription_months
),

months AS (
  SELECT
    tenant_id,
    plan,
    month,
    count(*) AS opening_subscriptions,
    count_if(is_last AND is_churned) AS churned_subscriptions,
    count_if(is_last AND NOT is_churned) AS switched_subscriptions,
    CAST(sum(monthly_amount) AS DECIMAL(18, 2)) AS opening_mrr,
    CAST(coalesce(sum(monthly_amount) FILTER (WHERE is_last AND is_churned), 0) AS DECIMAL(18, 2)) AS churned_mrr
  FROM placed
  WHERE month <= :today
  GROUP BY tenant_id, plan, month
)

SELECT
  tenant_id,
  plan,
  month,
  opening_subscriptions,
  churned_subscriptions,
  switched_subscriptions,
  opening_mrr,
  churned_mrr,
  CAST(churned_subscriptions / CAST(opening_subscriptions AS DECIMAL(18, 0)) AS DECIMAL(9, 4)) AS churn_rate
FROM months
