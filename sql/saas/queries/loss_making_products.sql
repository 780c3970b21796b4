-- Products that cost more than they bring in, per tenant the worst first.
SELECT
  tenant_id,
  product_id,
  category,
  units,
  net_revenue,
  cost_of_goods,
  gross_profit,
  margin_rate
FROM gold.product_profitability
WHERE gross_profit < 0
ORDER BY tenant_id, gross_profit, product_id
