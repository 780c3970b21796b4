-- The newest changes of service lines as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  order_service_id,
  order_id,
  service_id,
  quantity,
  unit_price,
  line_total,
  updated_at
FROM bronze.sales_order_services
ORDER BY dms_timestamp DESC, dms_change_seq DESC, order_service_id DESC
LIMIT 20
