-- The newest changes of customers as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  customer_id,
  city,
  state,
  postal_code,
  marketing_opt_in,
  created_at,
  updated_at
FROM bronze.customers
ORDER BY dms_timestamp DESC, dms_change_seq DESC, customer_id DESC
LIMIT 20
