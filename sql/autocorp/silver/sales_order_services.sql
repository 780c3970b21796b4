-- One row per service line of an order: the total recomputed beside the recorded one.
SELECT
  order_service_id,
  order_id,
  service_id,
  quantity,
  unit_price,
  line_total,
  CAST(quantity * unit_price AS DECIMAL(12, 2)) AS expected_total,
  coalesce(line_total = quantity * unit_price, FALSE) AS is_total_consistent,
  created_at,
  updated_at
FROM sales_order_services
