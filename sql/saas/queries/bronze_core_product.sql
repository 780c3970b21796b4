-- The newest changes of products as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  id,
  tenant_id,
  sku,
  name,
  category,
  price,
  cost,
  stock_quantity,
  is_active,
  updated_at
FROM bronze.core_product
ORDER BY dms_timestamp DESC, dms_change_seq DESC, id DESC
LIMIT 20
