-- Orders that are not done yet, the oldest first.
SELECT
  order_id,
  order_date,
  status,
  channel,
  vehicle_make,
  vehicle_model,
  total_amount
FROM silver.sales_order
WHERE status IN ('scheduled', 'in_progress')
ORDER BY order_date, order_id
LIMIT 100
