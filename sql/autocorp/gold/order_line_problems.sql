-- Grain: a line that refers to what silver does not have. Answers: which lines name an order, a part or a
-- service that nobody knows? A row in quarantine is not known either.
WITH lines AS (
  SELECT
    'part' AS line_kind,
    line.order_part_id AS line_id,
    line.order_id,
    line.part_id AS item_id,
    line.line_total,
    part.part_id IS NOT NULL AS is_item_known
  FROM silver.sales_order_parts AS line
  LEFT JOIN silver.auto_parts AS part
    ON part.part_id = line.part_id
  UNION ALL
  SELECT
    'service' AS line_kind,
    line.order_service_id AS line_id,
    line.order_id,
    line.service_id AS item_id,
    line.line_total,
    service.service_id IS NOT NULL AS is_item_known
  FROM silver.sales_order_services AS line
  LEFT JOIN silver.service AS service
    ON service.service_id = line.service_id
)

SELECT
  lines.line_kind,
  lines.line_id,
  lines.order_id,
  lines.item_id,
  lines.line_total,
  orders.order_id IS NULL AS is_order_unknown,
  NOT lines.is_item_known AS is_item_unknown
FROM lines
LEFT JOIN silver.sales_order AS orders
  ON orders.order_id = lines.order_id
WHERE orders.order_id IS NULL OR NOT lines.is_item_known
