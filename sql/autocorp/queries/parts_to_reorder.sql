-- Active parts that must be ordered, those used most first, with the quantity and what it costs.
SELECT
  reorder.part_id,
  part.part_number,
  part.name,
  part.manufacturer,
  reorder.stock_state,
  reorder.stock_quantity,
  reorder.reorder_level,
  reorder.units_used_90_days,
  reorder.days_of_stock,
  reorder.suggested_quantity,
  reorder.suggested_quantity * part.unit_cost AS order_cost
FROM gold.part_reorder AS reorder
INNER JOIN silver.auto_parts AS part
  ON part.part_id = reorder.part_id
WHERE reorder.is_active AND reorder.suggested_quantity > 0
ORDER BY reorder.units_used_90_days DESC, reorder.part_id
LIMIT 100
