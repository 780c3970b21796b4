-- Average order value and share of discounts in each month, per tenant.
SELECT
  tenant_id,
  month,
  revenue_orders,
  average_order_value,
  CAST(CAST(discounts AS decimal(18, 6)) / nullif(gross_revenue, 0) AS decimal(9, 4)) AS discount_share
FROM gold.revenue_monthly
ORDER BY tenant_id, month
