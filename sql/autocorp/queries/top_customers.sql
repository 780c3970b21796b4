-- The fifty customers who brought most revenue.
SELECT
  worth.customer_id,
  customer.city,
  customer.state,
  worth.orders,
  worth.vehicles,
  worth.net_revenue,
  worth.average_order_value,
  worth.last_order_date
FROM gold.customer_value AS worth
LEFT JOIN silver.customers AS customer
  ON customer.customer_id = worth.customer_id
ORDER BY worth.net_revenue DESC, worth.customer_id
LIMIT 50
