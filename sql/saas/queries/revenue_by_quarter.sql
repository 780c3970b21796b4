-- Net revenue of each quarter with its growth on the quarter before, per tenant.
SELECT
  tenant_id,
  quarter,
  months,
  revenue_orders,
  net_revenue,
  previous_net_revenue,
  growth_rate
FROM gold.revenue_quarterly
ORDER BY tenant_id, quarter
