-- Grain: a month of a tenant, from its first to its last month with revenue. Answers: how many customers are
-- active, and how many are lost? An order keeps a customer active in its month and the two after it; one who
-- then does not order is lost in the third. The running month's losses are provisional until it ends.
WITH counted AS (
  -- a customer's months from one active month up to the next, three at most
  SELECT
    tenant_id,
    explode(
      sequence(month, least(add_months(month, 2), add_months(next_active_month, -1)), INTERVAL 1 MONTH)
    ) AS month,
    1 AS active,
    0 AS new,
    0 AS reactivated,
    0 AS lost
  FROM gold.customer_activity_monthly
  UNION ALL
  SELECT
    tenant_id,
    month,
    0 AS active,
    CAST(previous_active_month IS NULL AS INT) AS new,
    CAST(coalesce(previous_active_month < add_months(month, -3), FALSE) AS INT) AS reactivated,
    0 AS lost
  FROM gold.customer_activity_monthly
  UNION ALL
  SELECT
    tenant_id,
    add_months(month, 3) AS month,
    0 AS active,
    0 AS new,
    0 AS reactivated,
    1 AS lost
  FROM gold.customer_activity_monthly
  WHERE next_active_month IS NULL OR next_active_month > add_months(month, 3)
),

spans AS (
  SELECT
    tenant_id,
    max(month) AS last_month
  FROM gold.customer_activity_monthly
  GROUP BY tenant_id
),

months AS (
  SELECT
    counted.tenant_id,
    counted.month,
    sum(counted.active) AS active_customers,
    sum(counted.new) AS new_customers,
    sum(counted.reactivated) AS reactivated_customers,
    sum(counted.lost) AS lost_customers
  FROM counted
  INNER JOIN spans
    ON spans.tenant_id = counted.tenant_id AND counted.month <= spans.last_month
  GROUP BY counted.tenant_id, counted.month
)

SELECT
  tenant_id,
  month,
  active_customers - new_customers - reactivated_customers + lost_customers AS active_at_start,
  new_customers,
  reactivated_customers,
  lost_customers,
  active_customers,
  CAST(
    lost_customers
    / CAST(nullif(active_customers - new_customers - reactivated_customers + lost_customers, 0) AS DECIMAL(18, 0))
    AS DECIMAL(9, 4)
  ) AS churn_rate
FROM months
