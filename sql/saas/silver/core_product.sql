-- One row per product: category normalised, margin derived.
SELECT
  id,
  tenant_id,
  upper(trim(sku)) AS sku,
  trim(name) AS name,
  CASE
    WHEN lower(trim(category)) RLIKE '^electronics?$' THEN 'Electronics'
    WHEN lower(trim(category)) RLIKE '^home( *(&|and) *kitchen)?$' THEN 'Home & Kitchen'
    WHEN lower(trim(category)) RLIKE '^(clothing|clothes|apparel)$' THEN 'Clothing'
    WHEN lower(trim(category)) RLIKE '^books?$' THEN 'Books'
    WHEN lower(trim(category)) RLIKE '^sports?( *(&|and) *outdoors?)?$' THEN 'Sports & Outdoors'
    WHEN lower(trim(category)) = 'beauty' THEN 'Beauty'
    WHEN lower(trim(category)) RLIKE '^toys?$' THEN 'Toys'
    WHEN lower(trim(category)) RLIKE '^grocer(y|ies)$' THEN 'Grocery'
    ELSE 'Other'
  END AS category,
  description,
  price,
  cost,
  CAST(price - cost AS DECIMAL(12, 2)) AS unit_margin,
  CASE WHEN price > 0 THEN CAST((price - cost) / price AS DECIMAL(9, 4)) END AS margin_rate,
  stock_quantity,
  is_active,
  created_at,
  updated_at
FROM core_product
