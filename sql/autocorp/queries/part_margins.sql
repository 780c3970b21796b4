-- Margin of the parts sold, by category, at the costs of now.
SELECT
  part.category,
  sum(lines.quantity) AS units,
  sum(lines.line_total) AS revenue,
  sum(lines.line_total - lines.quantity * part.unit_cost) AS margin,
  CAST(
    CAST(sum(lines.line_total - lines.quantity * part.unit_cost) AS decimal(18, 6)) / nullif(sum(lines.line_total), 0)
    AS decimal(9, 4)
  ) AS margin_rate
FROM gold.fct_order_lines AS lines
INNER JOIN silver.auto_parts AS part
  ON part.part_id = lines.part_id
WHERE lines.is_revenue
GROUP BY part.category
ORDER BY margin DESC, part.category
