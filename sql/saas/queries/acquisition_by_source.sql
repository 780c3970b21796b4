-- Where customers came from, how many of them bought, and how often.
SELECT
  customer.acquisition_source,
  count(*) AS customers,
  count(value.customer_id) AS buyers,
  CAST(CAST(count(value.customer_id) AS decimal(18, 4)) / count(*) AS decimal(9, 4)) AS buyer_share,
  coalesce(sum(value.orders), 0) AS orders
FROM gold.dim_customer AS customer
LEFT JOIN gold.customer_lifetime_value AS value
  ON value.customer_id = customer.customer_id AND value.tenant_id = customer.tenant_id
GROUP BY customer.acquisition_source
ORDER BY customers DESC, customer.acquisition_source
