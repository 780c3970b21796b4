-- Grain: an order whose lines do not add up to its subtotal. Answers: which orders can't be trusted by line?
-- A line in quarantine, of another tenant or missing leaves its order short.
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
  orders.id AS order_id,
  orders.tenant_id,
  orders.order_month,
  orders.order_number,
  orders.status,
  orders.currency,
  orders.subtotal,
  coalesce(lines.lines_total, CAST(0 AS DECIMAL(18, 2))) AS lines_total,
  CAST(coalesce(lines.lines_total, 0) - orders.subtotal AS DECIMAL(18, 2)) AS difference,
  coalesce(lines.lines, 0) AS lines,
  coalesce(lines.inconsistent_lines, 0) AS inconsistent_lines,
  CASE
    WHEN lines.order_id IS NULL THEN 'no lines'
    WHEN lines.inconsistent_lines > 0 THEN 'wrong line total'
    WHEN lines.lines_total < orders.subtotal THEN 'lines missing'
    ELSE 'lines exceed subtotal'
  END AS problem
FROM silver.core_order AS orders
LEFT JOIN lines
  ON lines.order_id = orders.id AND lines.order_month = orders.order_month
WHERE coalesce(lines.lines_total, 0) <> orders.subtotal
