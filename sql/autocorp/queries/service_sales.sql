-- The ten services of each month that brought most revenue, with their share of the month.
SELECT
  sales.month,
  sales.revenue_rank,
  sales.service_id,
  service.name,
  sales.times_sold,
  sales.revenue,
  sales.revenue_share
FROM gold.service_sales_monthly AS sales
LEFT JOIN silver.service AS service
  ON service.service_id = sales.service_id
WHERE sales.revenue_rank <= 10
ORDER BY sales.month DESC, sales.revenue_rank
