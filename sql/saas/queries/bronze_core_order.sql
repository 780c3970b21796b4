-- The newest changes of orders as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  id,
  tenant_id,
  customer_id,
  order_number,
  status,
  currency,
  subtotal,
  discount_amount,
  total_amount,
  ordered_at,
  updated_at
FROM bronze.core_order
ORDER BY dms_timestamp DESC, dms_change_seq DESC, id DESC
LIMIT 20
