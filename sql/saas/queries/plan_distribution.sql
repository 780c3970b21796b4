-- How subscriptions and recurring revenue spread over plans in the newest month, per tenant.
SELECT
  tenant_id,
  plan,
  billing_cycle,
  subscriptions,
  subscribers,
  mrr,
  subscription_share,
  mrr_share
FROM gold.plan_distribution_monthly
WHERE month = (SELECT max(month) FROM gold.plan_distribution_monthly)
ORDER BY tenant_id, plan, billing_cycle
