-- Orders in another currency than their tenant's: sums of revenue would mix currencies.
SELECT
  sale.tenant_id,
  tenant.currency AS tenant_currency,
  sale.currency AS order_currency,
  count(*) AS orders,
  sum(sale.net_amount) AS net_amount
FROM silver.core_order AS sale
INNER JOIN gold.dim_tenant AS tenant ON tenant.tenant_id = sale.tenant_id
WHERE sale.currency <> tenant.currency
GROUP BY sale.tenant_id, tenant.currency, sale.currency
ORDER BY sale.tenant_id, sale.currency
