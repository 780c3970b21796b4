-- The five products of each tenant that sold best in the newest month, by revenue.
SELECT
  sales.tenant_id,
  sales.revenue_rank,
  sales.product_id,
  product.name,
  product.category,
  sales.units,
  sales.orders,
  sales.net_revenue
FROM gold.product_sales_monthly AS sales
LEFT JOIN gold.dim_product AS product
  ON product.product_id = sales.product_id AND product.tenant_id = sales.tenant_id
WHERE
  sales.month = (SELECT max(month) FROM gold.product_sales_monthly)
  AND sales.revenue_rank <= 5
ORDER BY sales.tenant_id, sales.revenue_rank
