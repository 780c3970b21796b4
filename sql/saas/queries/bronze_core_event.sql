-- The newest changes of events as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  id,
  tenant_id,
  customer_id,
  session_id,
  event_type,
  page_url,
  device,
  metadata,
  occurred_at
FROM bronze.core_event
ORDER BY dms_timestamp DESC, dms_change_seq DESC, id DESC
LIMIT 20
