-- The newest changes of services as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  service_id,
  service_code,
  name,
  category,
  labor_hours,
  labor_cost,
  price,
  is_active,
  updated_at
FROM bronze.service
ORDER BY dms_timestamp DESC, dms_change_seq DESC, service_id DESC
LIMIT 20
