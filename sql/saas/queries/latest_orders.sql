-- The 20 newest orders from silver.
SELECT
  id,
  tenant_id,
  order_number,
  status,
  channel,
  currency,
  net_amount,
  total_amount,
  ordered_at
FROM silver.core_order
ORDER BY ordered_at DESC, id DESC
LIMIT 20
