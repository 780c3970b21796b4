-- How paid orders were paid, by month.
SELECT
  order_month,
  payment_method,
  count(*) AS orders,
  sum(total_amount) AS paid
FROM silver.sales_order
WHERE status = 'paid'
GROUP BY order_month, payment_method
ORDER BY order_month, paid DESC, payment_method
