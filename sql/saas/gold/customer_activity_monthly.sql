-- Grain: a customer of a tenant in a month with at least one revenue order. Answers: who bought when, since
-- when, and when again? Cohorts, churn and lifetime value build on it.
WITH months AS (
  SELECT
    tenant_id,
    customer_id,
    CAST(concat(order_month, '-01') AS DATE) AS month,
    count(*) AS orders,
    CAST(sum(net_amount) AS DECIMAL(18, 2)) AS net_revenue,
    min(order_date) AS first_order_date,
    max(order_date) AS last_order_date
  FROM silver.core_order
  WHERE is_revenue
  GROUP BY tenant_id, customer_id, order_month
)

SELECT
  tenant_id,
  customer_id,
  month,
  orders,
  net_revenue,
  first_order_date,
  last_order_date,
  min(month) OVER customer AS cohort_month,
  CAST(months_between(month, min(month) OVER customer) AS INT) AS months_since_first,
  lag(month) OVER customer_in_time AS previous_active_month,
  lead(month) OVER customer_in_time AS next_active_month
FROM months
WINDOW
  customer AS (PARTITION BY tenant_id, customer_id),
  customer_in_time AS (PARTITION BY tenant_id, customer_id ORDER BY month)
