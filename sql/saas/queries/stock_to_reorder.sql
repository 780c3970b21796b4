-- Active products that are out of stock or will be within two weeks, those that sell most first.
SELECT
  stock.tenant_id,
  stock.product_id,
  product.name,
  stock.stock_state,
  stock.stock_quantity,
  stock.units_sold_90_days,
  stock.days_of_stock
FROM gold.inventory_turnover AS stock
LEFT JOIN gold.dim_product AS product
  ON product.product_id = stock.product_id AND product.tenant_id = stock.tenant_id
WHERE
  stock.is_active
  AND stock.stock_state IN ('out of stock', 'reorder')
ORDER BY stock.units_sold_90_days DESC, stock.tenant_id, stock.product_id
LIMIT 100
