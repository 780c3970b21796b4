-- Every tenant with its customers, orders, revenue and recurring revenue.
WITH revenue AS (
  SELECT
    tenant_id,
    sum(orders) AS orders,
    sum(net_revenue) AS net_revenue
  FROM gold.revenue_monthly
  GROUP BY tenant_id
),

customers AS (
  SELECT
    tenant_id,
    count(*) AS customers
  FROM gold.dim_customer
  GROUP BY tenant_id
),

recurring AS (
  SELECT
    tenant_id,
    max_by(mrr, month) AS mrr
  FROM gold.subscription_mrr_monthly
  GROUP BY tenant_id
)

SELECT
  tenant.tenant_id,
  tenant.name,
  tenant.plan,
  tenant.currency,
  coalesce(customers.customers, 0) AS customers,
  coalesce(revenue.orders, 0) AS orders,
  coalesce(revenue.net_revenue, 0) AS net_revenue,
  coalesce(recurring.mrr, 0) AS mrr
FROM gold.dim_tenant AS tenant
LEFT JOIN revenue ON revenue.tenant_id = tenant.tenant_id
LEFT JOIN customers ON customers.tenant_id = tenant.tenant_id
LEFT JOIN recurring ON recurring.tenant_id = tenant.tenant_id
ORDER BY tenant.tenant_id
