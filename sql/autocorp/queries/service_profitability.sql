-- What each service earns by its labor and by the parts sold with it, the most profitable first.
SELECT
  earned.service_id,
  service.name,
  earned.category,
  earned.times_sold,
  earned.labor_revenue,
  earned.labor_margin,
  earned.parts_revenue,
  earned.parts_margin,
  earned.profit
FROM gold.service_profitability AS earned
LEFT JOIN silver.service AS service
  ON service.service_id = earned.service_id
ORDER BY earned.profit DESC NULLS LAST, earned.service_id
