-- Grain: a product. Answers: how fast does stock turn, and how long will it last?
-- Sales are those of the 90 days up to today. Turnover is their cost brought to a year, by the value of
-- today's stock (earlier stock is not recorded); null where there is no stock.
WITH recent AS (
  SELECT
    tenant_id,
    product_id,
    sum(quantity) AS units_sold
  FROM gold.fct_order_lines
  WHERE
    is_revenue
    AND order_date > date_sub(:today, 90)
    AND order_date <= :today
    AND order_month >= date_format(date_sub(:today, 90), 'yyyy-MM')
  GROUP BY tenant_id, product_id
)

SELECT
  product.tenant_id,
  product.id AS product_id,
  product.category,
  product.is_active,
  product.stock_quantity,
  CAST(product.stock_quantity * product.cost AS DECIMAL(18, 2)) AS stock_value,
  coalesce(recent.units_sold, 0) AS units_sold_90_days,
  CAST(coalesce(recent.units_sold, 0) * product.cost AS DECIMAL(18, 2)) AS cost_of_goods_90_days,
  CAST(
    coalesce(recent.units_sold, 0) * 365 / (90 * nullif(CAST(product.stock_quantity AS DECIMAL(12, 0)), 0))
    AS DECIMAL(12, 4)
  ) AS yearly_turnover,
  CAST(
    CAST(product.stock_quantity AS DECIMAL(12, 0)) * 90 / nullif(recent.units_sold, 0) AS DECIMAL(12, 1)
  ) AS days_of_stock,
  CASE
    WHEN product.stock_quantity <= 0 THEN 'out of stock'
    WHEN recent.units_sold IS NULL THEN 'not selling'
    WHEN CAST(product.stock_quantity AS bigint) * 90 < recent.units_sold * 14 THEN 'reorder'
    WHEN product.stock_quantity > recent.units_sold * 4 THEN 'overstocked'
    ELSE 'healthy'
  END AS stock_state
FROM silver.core_product AS product
LEFT JOIN recent
  ON recent.product_id = product.id AND recent.tenant_id = product.tenant_id
