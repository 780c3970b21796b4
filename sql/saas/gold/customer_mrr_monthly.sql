-- Grain: a subscriber of a tenant in a month in which he pays, or in the first in which he no longer does.
-- Answers: how did his monthly recurring revenue (MRR) move against the month before, and why?
WITH paid AS (
  SELECT
    tenant_id,
    customer_id,
    month,
    CAST(sum(monthly_amount) AS DECIMAL(18, 2)) AS mrr
  FROM gold.subscription_months
  GROUP BY tenant_id, customer_id, month
),

placed AS (
  SELECT
    tenant_id,
    customer_id,
    month,
    mrr,
    lag(month) OVER customer_in_time AS previous_paid_month,
    lag(mrr) OVER customer_in_time AS last_mrr,
    lead(month) OVER customer_in_time AS next_paid_month
  FROM paid
  WINDOW customer_in_time AS (PARTITION BY tenant_id, customer_id ORDER BY month)
)

SELECT
  tenant_id,
  customer_id,
  month,
  mrr,
  CASE WHEN previous_paid_month = add_months(month, -1) THEN last_mrr ELSE CAST(0 AS DECIMAL(18, 2)) END
    AS previous_mrr,
  CASE
    WHEN previous_paid_month IS NULL THEN 'new'
    WHEN previous_paid_month < add_months(month, -1) THEN 'reactivated'
    WHEN mrr > last_mrr THEN 'expanded'
    WHEN mrr < last_mrr THEN 'contracted'
    ELSE 'unchanged'
  END AS movement
FROM placed
UNION ALL
SELECT
  tenant_id,
  customer_id,
  add_months(month, 1) AS month,
  CAST(0 AS DECIMAL(18, 2)) AS mrr,
  mrr AS previous_mrr,
  'churned' AS movement
FROM placed
WHERE
  (next_paid_month IS NULL OR next_paid_month > add_months(month, 1))
  AND add_months(month, 1) <= :today
