-- Categories of the newest month: units, revenue, share and growth, per tenant.
SELECT
  tenant_id,
  category,
  products,
  units,
  net_revenue,
  revenue_share,
  growth_rate
FROM gold.category_revenue_monthly
WHERE month = (SELECT max(month) FROM gold.category_revenue_monthly)
ORDER BY tenant_id, net_revenue DESC, category
