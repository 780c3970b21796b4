-- Customers by the month of their first order that is completed or paid, and how many of them came again.
SELECT
  date_trunc('month', first_order_date) AS month,
  count(*) AS new_customers,
  count_if(orders > 1) AS came_again,
  sum(net_revenue) AS net_revenue
FROM gold.customer_value
GROUP BY date_trunc('month', first_order_date)
ORDER BY month
