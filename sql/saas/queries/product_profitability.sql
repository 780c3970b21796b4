-- The ten products of each tenant that earn most: revenue, cost of goods, profit and margin.
WITH ranked AS (
  SELECT
    tenant_id,
    product_id,
    category,
    units,
    net_revenue,
    cost_of_goods,
    gross_profit,
    margin_rate,
    row_number() OVER (PARTITION BY tenant_id ORDER BY gross_profit DESC, product_id) AS place
  FROM gold.product_profitability
  WHERE gross_profit IS NOT NULL
)

SELECT
  ranked.tenant_id,
  ranked.place,
  ranked.product_id,
  product.name,
  ranked.category,
  ranked.units,
  ranked.net_revenue,
  ranked.cost_of_goods,
  ranked.gross_profit,
  ranked.margin_rate
FROM ranked
LEFT JOIN gold.dim_product AS product
  ON product.product_id = ranked.product_id AND product.tenant_id = ranked.tenant_id
WHERE ranked.place <= 10
ORDER BY ranked.tenant_id, ranked.place
