-- Grain: an order line whose order is in silver and of the same tenant. Answers: any question of sales by
-- date, customer and product, joined to the dimensions. Amounts are before the order's own discount.
SELECT
  line.id AS order_item_id,
  orders.tenant_id,
  orders.id AS order_id,
  orders.customer_id,
  line.product_id,
  orders.order_date,
  orders.order_month,
  orders.status AS order_status,
  orders.is_revenue,
  orders.currency,
  line.quantity,
  line.unit_price,
  CAST(line.quantity * line.unit_price AS DECIMAL(18, 2)) AS gross_amount,
  line.discount_amount,
  line.line_total,
  line.is_total_consistent
FROM silver.core_orderitem AS line
INNER JOIN silver.core_order AS orders
  ON orders.id = line.order_id AND orders.tenant_id = line.tenant_id
