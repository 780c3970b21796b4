-- Money that lies in stock by category of part, and the share of it that was not used in 90 days.
SELECT
  category,
  count(*) AS parts,
  sum(stock_value) AS stock_value,
  coalesce(sum(stock_value) FILTER (WHERE units_used_90_days = 0), 0) AS unused_value,
  CAST(
    CAST(coalesce(sum(stock_value) FILTER (WHERE units_used_90_days = 0), 0) AS decimal(18, 6)) / nullif(sum(stock_value), 0)
    AS decimal(9, 4)
  ) AS unused_share
FROM gold.part_reorder
GROUP BY category
ORDER BY stock_value DESC, category
