-- The newest changes of customers as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  id,
  tenant_id,
  email,
  segment,
  country,
  marketing_opt_in,
  metadata,
  created_at,
  updated_at
FROM bronze.core_customer
ORDER BY dms_timestamp DESC, dms_change_seq DESC, id DESC
LIMIT 20
