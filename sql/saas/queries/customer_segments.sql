-- Customers, buyers and lifetime value by segment, per tenant.
SELECT
  customer.tenant_id,
  customer.segment,
  count(*) AS customers,
  count(value.customer_id) AS buyers,
  CAST(avg(value.net_revenue) AS decimal(18, 2)) AS average_revenue,
  CAST(avg(value.predicted_lifetime_value) AS decimal(18, 2)) AS average_lifetime_value
FROM gold.dim_customer AS customer
LEFT JOIN gold.customer_lifetime_value AS value
  ON value.customer_id = customer.customer_id AND value.tenant_id = customer.tenant_id
GROUP BY customer.tenant_id, customer.segment
ORDER BY customer.tenant_id, customer.segment
