-- Grain: a service in a month in which it was sold. Answers: which services sell best?
-- Ranks and shares are within the month; equal ones in the order of service ids.
WITH sales AS (
  SELECT
    service_id,
    CAST(concat(order_month, '-01') AS DATE) AS month,
    count(DISTINCT order_id) AS orders,
    count(DISTINCT customer_id) AS customers,
    sum(quantity) AS times_sold,
    CAST(sum(line_total) AS DECIMAL(18, 2)) AS revenue
  FROM gold.fct_order_lines
  WHERE is_revenue AND line_kind = 'service'
  GROUP BY service_id, order_month
)

SELECT
  service_id,
  month,
  orders,
  customers,
  times_sold,
  revenue,
  CAST(revenue / nullif(sum(revenue) OVER (PARTITION BY month), 0) AS DECIMAL(9, 4)) AS revenue_share,
  row_number() OVER (PARTITION BY month ORDER BY revenue DESC, service_id) AS revenue_rank,
  row_number() OVER (PARTITION BY month ORDER BY times_sold DESC, service_id) AS times_rank
FROM sales
