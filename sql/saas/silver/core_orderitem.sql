-- One row per order line: totals recomputed beside the recorded one.
SELECT
  id,
  tenant_id,
  order_id,
  product_id,
  quantity,
  unit_price,
  discount_amount,
  line_total,
  CAST(quantity * unit_price - discount_amount AS DECIMAL(12, 2)) AS expected_total,
  line_total = quantity * unit_price - discount_amount AS is_total_consistent,
  created_at,
  date_format(created_at, 'yyyy-MM') AS created_month,
  updated_at
FROM core_orderitem
