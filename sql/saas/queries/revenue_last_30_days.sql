-- Orders and revenue day by day, over the last 30 days that have any, of all tenants with one currency.
SELECT
  tenant.currency,
  daily.order_date,
  sum(daily.orders) AS orders,
  sum(daily.cancelled_orders) AS cancelled_orders,
  sum(daily.net_revenue) AS net_revenue
FROM gold.revenue_daily AS daily
INNER JOIN gold.dim_tenant AS tenant ON tenant.tenant_id = daily.tenant_id
WHERE daily.order_date > (SELECT date_add('day', -30, max(order_date)) FROM gold.revenue_daily)
GROUP BY tenant.currency, daily.order_date
ORDER BY tenant.currency, daily.order_date
