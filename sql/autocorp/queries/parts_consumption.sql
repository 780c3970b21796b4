-- The twenty parts used most in each month.
SELECT
  used.month,
  used.units_rank,
  used.part_id,
  part.name,
  part.category,
  used.units,
  used.orders,
  used.sales_value
FROM gold.part_consumption_monthly AS used
LEFT JOIN silver.auto_parts AS part
  ON part.part_id = used.part_id
WHERE used.units_rank <= 20
ORDER BY used.month DESC, used.units_rank
