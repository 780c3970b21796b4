-- Grain: a line of an order that is in silver, a part or a service. Answers: any question of sales by date,
-- customer, part and service. Amounts are before the order's discount and tax.
WITH lines AS (
  SELECT
    'part' AS line_kind,
    order_part_id AS line_id,
    order_id,
    part_id,
    CAST(NULL AS BIGINT) AS service_id,
    quantity,
    unit_price,
    line_total,
    is_total_consistent
  FROM silver.sales_order_parts
  UNION ALL
  SELECT
    'service' AS line_kind,
    order_service_id AS line_id,
    order_id,
    CAST(NULL AS BIGINT) AS part_id,
    service_id,
    quantity,
    unit_price,
    line_total,
    is_total_consistent
  FROM silver.sales_order_services
)

SELECT
  lines.line_kind,
  lines.line_id,
  orders.order_id,
  orders.customer_id,
  lines.part_id,
  lines.service_id,
  orders.order_date,
  orders.order_month,
  orders.status AS order_status,
  orders.is_revenue,
  lines.quantity,
  lines.unit_price,
  lines.line_total,
  lines.is_total_consistent
FROM lines
INNER JOIN silver.sales_order AS orders
  ON orders.order_id = lines.order_id
