-- Grain: a service that was ever sold. Answers: what does it earn, by its labor and by the parts sold with it?
-- Parts count for a service where they are in an order of it and among the parts it needs; two services of one
-- order may share them. Costs are those of now; labor is null where the service is not known.
WITH sold AS (
  SELECT
    service_id,
    order_id,
    order_date,
    quantity,
    line_total
  FROM gold.fct_order_lines
  WHERE is_revenue AND line_kind = 'service'
),

sales AS (
  SELECT
    service_id,
    min(order_date) AS first_sold_date,
    max(order_date) AS last_sold_date,
    sum(quantity) AS times_sold,
    CAST(sum(line_total) AS DECIMAL(18, 2)) AS labor_revenue
  FROM sold
  GROUP BY service_id
),

order_parts AS (
  SELECT
    lines.order_id,
    lines.part_id,
    sum(lines.line_total) AS revenue,
    sum(lines.line_total - lines.quantity * part.unit_cost) AS margin
  FROM gold.fct_order_lines AS lines
  INNER JOIN silver.auto_parts AS part
    ON part.part_id = lines.part_id
  WHERE lines.is_revenue AND lines.line_kind = 'part'
  GROUP BY lines.order_id, lines.part_id
),

parts AS (
  SELECT
    orders.service_id,
    CAST(sum(order_parts.revenue) AS DECIMAL(18, 2)) AS parts_revenue,
    CAST(sum(order_parts.margin) AS DECIMAL(18, 2)) AS parts_margin
  FROM (SELECT DISTINCT service_id, order_id FROM sold) AS orders
  INNER JOIN order_parts
    ON order_parts.order_id = orders.order_id
  INNER JOIN silver.service_parts AS need
    ON need.service_id = orders.service_id AND need.part_id = order_parts.part_id
  GROUP BY orders.service_id
)

SELECT
  sales.service_id,
  service.category,
  sales.first_sold_date,
  sales.last_sold_date,
  sales.times_sold,
  sales.labor_revenue,
  CAST(sales.labor_revenue - sales.times_sold * service.labor_cost AS DECIMAL(18, 2)) AS labor_margin,
  coalesce(parts.parts_revenue, CAST(0 AS DECIMAL(18, 2))) AS parts_revenue,
  coalesce(parts.parts_margin, CAST(0 AS DECIMAL(18, 2))) AS parts_margin,
  CAST(
    sales.labor_revenue - sales.times_sold * service.labor_cost + coalesce(parts.parts_margin, 0)
    AS DECIMAL(18, 2)
  ) AS profit
FROM sales
LEFT JOIN silver.service AS service
  ON service.service_id = sales.service_id
LEFT JOIN parts
  ON parts.service_id = sales.service_id
