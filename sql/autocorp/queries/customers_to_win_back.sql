-- Customers with three orders or more who have not come for four months, the best first.
SELECT
  customer_id,
  orders,
  vehicles,
  net_revenue,
  last_order_date
FROM gold.customer_value
WHERE orders >= 3 AND last_order_date < date_add('month', -4, current_date)
ORDER BY net_revenue DESC, customer_id
LIMIT 100
