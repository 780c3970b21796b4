-- The newest changes of orders as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  order_id,
  customer_id,
  channel,
  status,
  discount_amount,
  tax_amount,
  total_amount,
  order_date,
  updated_at
FROM bronze.sales_order
ORDER BY dms_timestamp DESC, dms_change_seq DESC, order_id DESC
LIMIT 20
