-- Grain: a product of a tenant that was ever sold. Answers: what does it earn?
-- Cost of goods is units times the cost the product has now; null without a valid product.
WITH sales AS (
  SELECT
    tenant_id,
    product_id,
    min(month) AS first_sold_month,
    max(month) AS last_sold_month,
    sum(units) AS units,
    CAST(sum(discounts) AS DECIMAL(18, 2)) AS discounts,
    CAST(sum(net_revenue) AS DECIMAL(18, 2)) AS net_revenue
  FROM gold.product_sales_monthly
  GROUP BY tenant_id, product_id
)

SELECT
  sales.tenant_id,
  sales.product_id,
  product.category,
  sales.first_sold_month,
  sales.last_sold_month,
  sales.units,
  sales.discounts,
  sales.net_revenue,
  CAST(sales.units * product.cost AS DECIMAL(18, 2)) AS cost_of_goods,
  CAST(sales.net_revenue - sales.units * product.cost AS DECIMAL(18, 2)) AS gross_profit,
  CAST(1 - sales.units * product.cost / nullif(sales.net_revenue, 0) AS DECIMAL(12, 4)) AS margin_rate
FROM sales
LEFT JOIN silver.core_product AS product
  ON product.id = sales.product_id AND product.tenant_id = sales.tenant_id
