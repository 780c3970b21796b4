-- The newest changes of part lines as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  order_part_id,
  order_id,
  part_id,
  quantity,
  unit_price,
  line_total,
  updated_at
FROM bronze.sales_order_parts
ORDER BY dms_timestamp DESC, dms_change_seq DESC, order_part_id DESC
LIMIT 20
