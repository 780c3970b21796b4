-- Orders with most lines: fleets come with more than fifty.
SELECT
  order_id,
  order_date,
  order_status,
  count(*) AS lines,
  count_if(line_kind = 'service') AS services,
  sum(line_total) AS lines_total
FROM gold.fct_order_lines
GROUP BY order_id, order_date, order_status
ORDER BY lines DESC, order_id
LIMIT 20
