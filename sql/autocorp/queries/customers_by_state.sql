-- Customers, buyers and revenue by state.
SELECT
  coalesce(customer.state, 'unknown') AS state,
  count(*) AS customers,
  count(worth.customer_id) AS buyers,
  coalesce(sum(worth.orders), 0) AS orders,
  coalesce(sum(worth.net_revenue), 0) AS net_revenue
FROM silver.customers AS customer
LEFT JOIN gold.customer_value AS worth
  ON worth.customer_id = customer.customer_id
GROUP BY coalesce(customer.state, 'unknown')
ORDER BY net_revenue DESC, state
