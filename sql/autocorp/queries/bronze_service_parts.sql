-- The newest changes of the parts that services need as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  service_id,
  part_id,
  quantity,
  created_at,
  updated_at
FROM bronze.service_parts
ORDER BY dms_timestamp DESC, dms_change_seq DESC, service_id DESC, part_id DESC
LIMIT 20
