-- Subscriptions that were cancelled or switched to another plan, by plan and month.
SELECT
  month,
  plan,
  sum(opening_subscriptions) AS opening_subscriptions,
  sum(churned_subscriptions) AS churned_subscriptions,
  sum(switched_subscriptions) AS switched_subscriptions,
  CAST(
    CAST(sum(churned_subscriptions) AS decimal(18, 4)) / sum(opening_subscriptions) AS decimal(9, 4)
  ) AS churn_rate
FROM gold.subscription_churn_monthly
GROUP BY month, plan
ORDER BY month, plan
