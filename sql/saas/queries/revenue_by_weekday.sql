-- Orders, units and revenue by currency and weekday, from order lines and the date dimension.
SELECT
  lines.currency,
  days.day_of_week,
  days.weekday_name,
  count(DISTINCT lines.order_id) AS orders,
  sum(lines.quantity) AS units,
  sum(lines.line_total) AS revenue
FROM gold.fct_order_lines AS lines
INNER JOIN gold.dim_date AS days ON days.date = lines.order_date
WHERE lines.is_revenue
GROUP BY lines.currency, days.day_of_week, days.weekday_name
ORDER BY lines.currency, days.day_of_week
