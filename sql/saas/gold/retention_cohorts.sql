-- Grain: a tenant's cohort (customers by the month of their first order) in a month since then in which any
-- of them bought. Answers: how many come back, and what are they worth?
WITH activity AS (
  SELECT
    tenant_id,
    cohort_month,
    months_since_first AS months_since,
    count(*) AS active_customers,
    sum(orders) AS orders,
    CAST(sum(net_revenue) AS DECIMAL(18, 2)) AS net_revenue
  FROM gold.customer_activity_monthly
  GROUP BY tenant_id, cohort_month, months_since_first
),

-- every customer of a cohort bought in its first month
sized AS (
  SELECT
    tenant_id,
    cohort_month,
    months_since,
    active_customers,
    orders,
    net_revenue,
    max(CASE WHEN months_since = 0 THEN active_customers END)
      OVER (PARTITION BY tenant_id, cohort_month) AS cohort_customers
  FROM activity
)

SELECT
  tenant_id,
  cohort_month,
  months_since,
  cohort_customers,
  active_customers,
  CAST(active_customers / CAST(cohort_customers AS DECIMAL(18, 0)) AS DECIMAL(9, 4)) AS retention_rate,
  orders,
  net_revenue
FROM sized
