-- Carts left behind and their value by month, per tenant.
SELECT
  tenant_id,
  session_month,
  sum(carts) AS carts,
  sum(abandoned_carts) AS abandoned_carts,
  sum(abandoned_at_checkout) AS abandoned_at_checkout,
  sum(abandoned_value) AS abandoned_value,
  CAST(CAST(sum(abandoned_carts) AS decimal(18, 4)) / sum(carts) AS decimal(9, 4)) AS abandonment_rate
FROM gold.cart_abandonment_daily
GROUP BY tenant_id, session_month
ORDER BY tenant_id, session_month
