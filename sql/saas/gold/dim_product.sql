-- Grain: a product. Answers: what is it, and what does it cost now?
SELECT
  id AS product_id,
  tenant_id,
  sku,
  name,
  category,
  price,
  cost,
  unit_margin,
  margin_rate,
  stock_quantity,
  is_active,
  CAST(created_at AS DATE) AS created_date
FROM silver.core_product
