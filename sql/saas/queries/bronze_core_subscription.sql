-- The newest changes of subscriptions as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  id,
  tenant_id,
  customer_id,
  plan,
  status,
  billing_cycle,
  amount,
  started_at,
  canceled_at,
  ended_at
FROM bronze.core_subscription
ORDER BY dms_timestamp DESC, dms_change_seq DESC, id DESC
LIMIT 20
