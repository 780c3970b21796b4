-- Net revenue of each month with its growth on the month before, per tenant.
SELECT
  tenant_id,
  month,
  revenue_orders,
  net_revenue,
  previous_net_revenue,
  growth_rate
FROM gold.revenue_monthly
ORDER BY tenant_id, month
