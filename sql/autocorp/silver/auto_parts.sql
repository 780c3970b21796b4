-- One row per part: number, category and manufacturer standardised, margin and stock value derived.
SELECT
  part_id,
  upper(regexp_replace(trim(part_number), '[ _]+', '-')) AS part_number,
  trim(name) AS name,
  coalesce(initcap(nullif(trim(category), '')), 'Other') AS category,
  coalesce(nullif(trim(manufacturer), ''), 'Unknown') AS manufacturer,
  unit_cost,
  unit_price,
  CAST(unit_price - unit_cost AS DECIMAL(12, 2)) AS unit_margin,
  CASE WHEN unit_price > 0 THEN CAST((unit_price - unit_cost) / unit_price AS DECIMAL(9, 4)) END AS margin_rate,
  stock_quantity,
  reorder_level,
  stock_quantity <= reorder_level AS is_below_reorder_level,
  CAST(stock_quantity * unit_cost AS DECIMAL(18, 2)) AS stock_value,
  is_active,
  created_at,
  updated_at
FROM auto_parts
