-- One row per subscription period: amount brought to a month, state flags derived.
SELECT
  id,
  tenant_id,
  customer_id,
  previous_subscription_id,
  lower(trim(plan)) AS plan,
  lower(trim(status)) AS status,
  lower(trim(billing_cycle)) AS billing_cycle,
  amount,
  CAST(
    CASE WHEN lower(trim(billing_cycle)) = 'yearly' THEN amount / 12 ELSE amount END AS DECIMAL(12, 2)
  ) AS monthly_amount,
  upper(currency) AS currency,
  lower(trim(status)) IN ('active', 'past_due') AS is_paying,
  lower(trim(status)) = 'canceled' AS is_churned,
  started_at,
  trial_ends_at,
  canceled_at,
  ended_at,
  current_period_end,
  created_at,
  updated_at
FROM core_subscription
