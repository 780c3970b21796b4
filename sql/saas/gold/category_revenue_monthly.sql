-- Grain: a category of a tenant in a month in which it was sold. Answers: how do categories do, and where
-- are they going? A product counts in the category it has now; without a valid product it is 'Unknown'.
WITH sales AS (
  SELECT
    sold.tenant_id,
    coalesce(product.category, 'Unknown') AS category,
    sold.month,
    count(*) AS products,
    sum(sold.units) AS units,
    CAST(sum(sold.net_revenue) AS DECIMAL(18, 2)) AS net_revenue
  FROM gold.product_sales_monthly AS sold
  LEFT JOIN silver.core_product AS product
    ON product.id = sold.product_id AND product.tenant_id = sold.tenant_id
  GROUP BY sold.tenant_id, coalesce(product.category, 'Unknown'), sold.month
),

totals AS (
  SELECT
    tenant_id,
    month,
    sum(net_revenue) AS net_revenue
  FROM sales
  GROUP BY tenant_id, month
)

SELECT
  current.tenant_id,
  current.category,
  current.month,
  current.products,
  current.units,
  current.net_revenue,
  CAST(current.net_revenue / nullif(totals.net_revenue, 0) AS DECIMAL(9, 4)) AS revenue_share,
  previous.net_revenue AS previous_net_revenue,
  CAST(current.net_revenue / nullif(previous.net_revenue, 0) - 1 AS DECIMAL(12, 4)) AS growth_rate
FROM sales AS current
INNER JOIN totals
  ON totals.tenant_id = current.tenant_id AND totals.month = current.month
LEFT JOIN sales AS previous
  ON previous.tenant_id = current.tenant_id
  AND previous.category = current.category
  AND previous.month = add_months(current.month, -1)
