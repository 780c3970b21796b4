-- Net revenue by channel in the last six months from silver; only the partitions of those months are read.
SELECT
  order_month,
  channel,
  count(*) AS orders,
  sum(net_amount) AS net_revenue
FROM silver.sales_order
WHERE
  is_revenue
  AND order_month >= date_format(date_add('month', -5, current_date), '%Y-%m')
GROUP BY order_month, channel
ORDER BY order_month, channel
