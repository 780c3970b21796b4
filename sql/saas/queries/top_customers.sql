-- The ten customers of each tenant that brought most revenue, with their predicted lifetime value.
WITH ranked AS (
  SELECT
    tenant_id,
    customer_id,
    orders,
    net_revenue,
    average_order_value,
    predicted_lifetime_value,
    last_order_date,
    row_number() OVER (PARTITION BY tenant_id ORDER BY net_revenue DESC, customer_id) AS place
  FROM gold.customer_lifetime_value
)

SELECT
  ranked.tenant_id,
  ranked.place,
  ranked.customer_id,
  customer.segment,
  customer.country,
  ranked.orders,
  ranked.net_revenue,
  ranked.average_order_value,
  ranked.predicted_lifetime_value,
  ranked.last_order_date
FROM ranked
LEFT JOIN gold.dim_customer AS customer
  ON customer.customer_id = ranked.customer_id AND customer.tenant_id = ranked.tenant_id
WHERE ranked.place <= 10
ORDER BY ranked.tenant_id, ranked.place
