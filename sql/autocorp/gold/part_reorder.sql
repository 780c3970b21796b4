-- Grain: a part. Answers: what must be ordered, and how much?
-- Consumption is of the 90 days up to today, in orders that are not cancelled. The stock is to last 30 days
-- beyond the reorder level; what is missing to that is suggested.
WITH recent AS (
  SELECT
    part_id,
    sum(quantity) AS units_used
  FROM gold.fct_order_lines
  WHERE
    line_kind = 'part'
    AND order_status <> 'cancelled'
    AND order_date > date_sub(:today, 90)
    AND order_date <= :today
    AND order_month >= date_format(date_sub(:today, 90), 'yyyy-MM')
  GROUP BY part_id
)

SELECT
  part.part_id,
  part.category,
  part.is_active,
  part.stock_quantity,
  part.reorder_level,
  part.stock_value,
  coalesce(recent.units_used, 0) AS units_used_90_days,
  CAST(CAST(part.stock_quantity AS DECIMAL(12, 0)) * 90 / nullif(recent.units_used, 0) AS DECIMAL(12, 1)) AS days_of_stock,
  greatest(
    CAST(part.reorder_level AS BIGINT) + CAST(ceil(coalesce(recent.units_used, 0) / 3) AS BIGINT) - part.stock_quantity, 0
  ) AS suggested_quantity,
  CASE
    WHEN part.stock_quantity = 0 THEN 'out of stock'
    WHEN part.is_below_reorder_level THEN 'below reorder level'
    WHEN CAST(part.stock_quantity AS BIGINT) * 90 < recent.units_used * 14 THEN 'gone in two weeks'
    WHEN recent.units_used IS NULL THEN 'not used'
    ELSE 'in stock'
  END AS stock_state
FROM silver.auto_parts AS part
LEFT JOIN recent
  ON recent.part_id = part.part_id
