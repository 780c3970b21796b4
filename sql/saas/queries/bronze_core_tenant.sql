-- The newest changes of tenants as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  id,
  name,
  slug,
  domain,
  plan,
  is_active,
  settings,
  created_at,
  updated_at
FROM bronze.core_tenant
ORDER BY dms_timestamp DESC, dms_change_seq DESC, id DESC
LIMIT 20
