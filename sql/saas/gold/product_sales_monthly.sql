-- Grain: a product of a tenant in a month in which it was sold. Answers: which products sell best?
-- Ranks are within the tenant's month; equal ones in the order of product ids.
WITH sales AS (
  SELECT
    tenant_id,
    product_id,
    CAST(concat(order_month, '-01') AS DATE) AS month,
    count(DISTINCT order_id) AS orders,
    count(DISTINCT customer_id) AS customers,
    sum(quantity) AS units,
    CAST(sum(gross_amount) AS DECIMAL(18, 2)) AS gross_revenue,
    CAST(sum(discount_amount) AS DECIMAL(18, 2)) AS discounts,
    CAST(sum(line_total) AS DECIMAL(18, 2)) AS net_revenue
  FROM gold.fct_order_lines
  WHERE is_revenue
  GROUP BY tenant_id, product_id, order_month
)

SELECT
  tenant_id,
  product_id,
  month,
  orders,
  customers,
  units,
  gross_revenue,
  discounts,
  net_revenue,
  row_number() OVER (PARTITION BY tenant_id, month ORDER BY net_revenue DESC, product_id) AS revenue_rank,
  row_number() OVER (PARTITION BY tenant_id, month ORDER BY units DESC, product_id) AS units_rank
FROM sales
