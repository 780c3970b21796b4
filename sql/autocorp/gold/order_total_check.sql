-- Grain: an order whose total is not its lines less discount plus tax. Answers: which orders cannot be trusted
-- by line? Orders of the counters have no lines to compare with. A line in quarantine leaves its order short.
WITH lines AS (
  SELECT
    order_month,
    order_id,
    count(*) AS lines,
    count_if(NOT is_total_consistent) AS inconsistent_lines,
    CAST(sum(line_total) AS DECIMAL(18, 2)) AS lines_total
  FROM gold.fct_order_lines
  GROUP BY order_month, order_id
)

SELECT
  orders.order_id,
  orders.order_month,
  orders.customer_id,
  orders.status,
  orders.total_amount,
  CAST(coalesce(lines.lines_total, 0) - orders.discount_amount + orders.tax_amount AS DECIMAL(18, 2)) AS expected_total,
  CAST(
    orders.total_amount - (coalesce(lines.lines_total, 0) - orders.discount_amount + orders.tax_amount)
    AS DECIMAL(18, 2)
  ) AS difference,
  coalesce(lines.lines, 0) AS lines,
  coalesce(lines.inconsistent_lines, 0) AS inconsistent_lines,
  CASE
    WHEN lines.order_id IS NULL THEN 'no lines'
    WHEN lines.inconsistent_lines > 0 THEN 'wrong line total'
    WHEN orders.total_amount > lines.lines_total - orders.discount_amount + orders.tax_amount THEN 'lines missing'
    ELSE 'lines exceed total'
  END AS problem
FROM silver.sales_order AS orders
LEFT JOIN lines
  ON lines.order_id = orders.order_id AND lines.order_month = orders.order_month
WHERE
  orders.channel <> 'counter'
  AND coalesce(lines.lines_total, 0) - orders.discount_amount + orders.tax_amount <> orders.total_amount
