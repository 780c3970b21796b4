-- Grain: a part in a month in which it was used. Answers: which parts are used most?
-- Counts orders that are not cancelled: a part of an order that is still open has left the shelf.
-- Ranks are within the month; equal ones in the order of part ids.
WITH consumption AS (
  SELECT
    part_id,
    CAST(concat(order_month, '-01') AS DATE) AS month,
    count(DISTINCT order_id) AS orders,
    sum(quantity) AS units,
    CAST(sum(line_total) AS DECIMAL(18, 2)) AS sales_value
  FROM gold.fct_order_lines
  WHERE line_kind = 'part' AND order_status <> 'cancelled'
  GROUP BY part_id, order_month
)

SELECT
  part_id,
  month,
  orders,
  units,
  sales_value,
  row_number() OVER (PARTITION BY month ORDER BY units DESC, part_id) AS units_rank
FROM consumption
