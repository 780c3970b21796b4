-- Grain: a customer of a tenant with at least one revenue order. Answers: what is a customer worth?
-- Predicted lifetime value = revenue so far + twelve months at the pace so far, where the pace is the revenue
-- by the months from the first to the last order, at least three (one purchase is no monthly habit).
WITH customers AS (
  SELECT
    tenant_id,
    customer_id,
    min(first_order_date) AS first_order_date,
    max(last_order_date) AS last_order_date,
    min(month) AS cohort_month,
    count(*) AS active_months,
    CAST(months_between(max(month), min(month)) AS INT) + 1 AS lifetime_months,
    sum(orders) AS orders,
    CAST(sum(net_revenue) AS DECIMAL(18, 2)) AS net_revenue
  FROM gold.customer_activity_monthly
  GROUP BY tenant_id, customer_id
)

SELECT
  tenant_id,
  customer_id,
  first_order_date,
  last_order_date,
  cohort_month,
  active_months,
  lifetime_months,
  orders,
  net_revenue,
  CAST(net_revenue / orders AS DECIMAL(18, 2)) AS average_order_value,
  CAST(net_revenue + 12 * net_revenue / greatest(lifetime_months, 3) AS DECIMAL(18, 2))
    AS predicted_lifetime_value
FROM customers
