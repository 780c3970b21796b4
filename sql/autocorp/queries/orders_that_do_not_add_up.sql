-- Orders whose total is not that of their lines, by what is wrong.
SELECT
  order_id,
  order_month,
  status,
  total_amount,
  expected_total,
  difference,
  lines,
  inconsistent_lines,
  problem
FROM gold.order_total_check
ORDER BY problem, order_id
