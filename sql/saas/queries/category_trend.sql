-- Revenue of each category month by month with its three-month average, of all tenants with one currency.
WITH months AS (
  SELECT
    tenant.currency,
    sales.category,
    sales.month,
    sum(sales.units) AS units,
    sum(sales.net_revenue) AS net_revenue
  FROM gold.category_revenue_monthly AS sales
  INNER JOIN gold.dim_tenant AS tenant ON tenant.tenant_id = sales.tenant_id
  GROUP BY tenant.currency, sales.category, sales.month
)

SELECT
  currency,
  category,
  month,
  units,
  net_revenue,
  avg(net_revenue) OVER (PARTITION BY currency, category ORDER BY month ROWS 2 PRECEDING) AS three_month_average
FROM months
ORDER BY currency, category, month
