-- One row per order line: totals recomputed beside the recorded one. Partitioned by ISO week: a batch
-- of new lines rewrites the files of one week, not of a month.
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
  concat(
    extract(YEAROFWEEK FROM created_at), '-W', lpad(extract(WEEK FROM created_at), 2, '0')
  ) AS created_week,
  updated_at
FROM core_orderitem
