-- The newest order of the customer that ordered most often, line by line.
WITH customer AS (
  SELECT
    tenant_id,
    customer_id
  FROM gold.customer_lifetime_value
  ORDER BY orders DESC, tenant_id, customer_id
  LIMIT 1
),

newest AS (
  SELECT
    orders.id,
    orders.order_month,
    orders.order_number,
    orders.status,
    orders.ordered_at
  FROM silver.core_order AS orders
  INNER JOIN customer
    ON customer.customer_id = orders.customer_id AND customer.tenant_id = orders.tenant_id
  ORDER BY orders.ordered_at DESC, orders.id DESC
  LIMIT 1
)

SELECT
  newest.order_number,
  newest.status,
  newest.ordered_at,
  lines.order_item_id,
  product.name AS product,
  lines.quantity,
  lines.unit_price,
  lines.discount_amount,
  lines.line_total
FROM newest
INNER JOIN gold.fct_order_lines AS lines
  ON lines.order_id = newest.id AND lines.order_month = newest.order_month
LEFT JOIN gold.dim_product AS product
  ON product.product_id = lines.product_id AND product.tenant_id = lines.tenant_id
ORDER BY lines.order_item_id
