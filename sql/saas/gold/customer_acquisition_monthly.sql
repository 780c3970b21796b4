-- Grain: a month of a tenant with a new customer. Answers: how many signed up, how many bought for the first
-- time, and what did they spend in that first month?
WITH gained AS (
  SELECT
    tenant_id,
    CAST(date_trunc('MONTH', created_at) AS DATE) AS month,
    1 AS sign_ups,
    CAST(marketing_opt_in AS INT) AS marketing_opt_ins,
    0 AS first_time_buyers,
    CAST(0 AS DECIMAL(18, 2)) AS first_month_revenue
  FROM silver.core_customer
  UNION ALL
  SELECT
    tenant_id,
    month,
    0 AS sign_ups,
    0 AS marketing_opt_ins,
    1 AS first_time_buyers,
    net_revenue AS first_month_revenue
  FROM gold.customer_activity_monthly
  WHERE months_since_first = 0
)

SELECT
  tenant_id,
  month,
  sum(sign_ups) AS sign_ups,
  sum(marketing_opt_ins) AS marketing_opt_ins,
  sum(first_time_buyers) AS first_time_buyers,
  CAST(sum(first_month_revenue) AS DECIMAL(18, 2)) AS first_month_revenue
FROM gained
GROUP BY tenant_id, month
