-- Net revenue of each month with its growth on the month before, and what came from the counters.
SELECT
  month,
  revenue_orders,
  customers,
  net_revenue,
  counter_revenue,
  average_order_value,
  growth_rate
FROM gold.revenue_monthly
ORDER BY month
