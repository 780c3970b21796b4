-- Orders whose lines do not add up to their subtotal, per tenant the largest differences first.
SELECT
  tenant_id,
  order_id,
  order_number,
  status,
  problem,
  currency,
  subtotal,
  lines_total,
  difference,
  lines,
  inconsistent_lines
FROM gold.order_line_check
ORDER BY tenant_id, abs(difference) DESC, order_id
LIMIT 1000
