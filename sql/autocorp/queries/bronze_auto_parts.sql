-- The newest changes of parts as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  part_id,
  part_number,
  name,
  category,
  unit_cost,
  unit_price,
  stock_quantity,
  reorder_level,
  is_active,
  updated_at
FROM bronze.auto_parts
ORDER BY dms_timestamp DESC, dms_change_seq DESC, part_id DESC
LIMIT 20
