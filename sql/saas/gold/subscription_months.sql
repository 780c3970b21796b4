-- Grain: a subscription in a month at whose end (today, in the running month) it pays. Answers: who pays what,
-- month by month? A trial does not pay; yearly amounts are brought to a month. MRR and churn build on it.
WITH periods AS (
  SELECT
    id AS subscription_id,
    tenant_id,
    customer_id,
    plan,
    billing_cycle,
    monthly_amount,
    is_churned,
    CAST(greatest(started_at, trial_ends_at) AS DATE) AS paid_from,
    CAST(coalesce(ended_at, CASE WHEN is_churned THEN canceled_at END) AS DATE) AS paid_until
  FROM silver.core_subscription
  WHERE status <> 'trialing' AND monthly_amount > 0
),

months AS (
  SELECT
    subscription_id,
    tenant_id,
    customer_id,
    plan,
    billing_cycle,
    monthly_amount,
    is_churned,
    paid_from,
    paid_until,
    explode(
      CASE
        WHEN paid_from <= least(paid_until, :today)
          THEN sequence(
            CAST(date_trunc('MONTH', paid_from) AS DATE),
            CAST(date_trunc('MONTH', least(paid_until, :today)) AS DATE),
            INTERVAL 1 MONTH
          )
      END
    ) AS month
  FROM periods
)

SELECT
  subscription_id,
  tenant_id,
  customer_id,
  month,
  plan,
  billing_cycle,
  monthly_amount,
  is_churned
FROM months
WHERE
  paid_from <= least(last_day(month), :today)
  AND (paid_until IS NULL OR paid_until > least(last_day(month), :today))
