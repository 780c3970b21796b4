-- Lines that name an order, a part or a service that nobody knows.
SELECT
  line_kind,
  line_id,
  order_id,
  item_id,
  line_total,
  is_order_unknown,
  is_item_unknown
FROM gold.order_line_problems
ORDER BY line_kind, line_id
