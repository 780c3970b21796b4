-- The newest changes of order items as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  id,
  tenant_id,
  order_id,
  product_id,
  quantity,
  unit_price,
  discount_amount,
  line_total,
  created_at
FROM bronze.core_orderitem
ORDER BY dms_timestamp DESC, dms_change_seq DESC, id DESC
LIMIT 20
