-- Stock, its value and its turnover by category, per tenant.
SELECT
  tenant_id,
  category,
  count(*) AS products,
  sum(stock_value) AS stock_value,
  sum(cost_of_goods_90_days) AS cost_of_goods_90_days,
  CAST(sum(cost_of_goods_90_days) * 365 / (90 * nullif(sum(stock_value), 0)) AS decimal(12, 2)) AS yearly_turnover
FROM gold.inventory_turnover
GROUP BY tenant_id, category
ORDER BY tenant_id, category
