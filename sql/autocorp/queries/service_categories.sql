-- Labor revenue, hours sold and revenue of an hour by category of service.
SELECT
  service.category,
  sum(sales.times_sold) AS times_sold,
  sum(sales.times_sold * service.labor_hours) AS hours_sold,
  sum(sales.revenue) AS labor_revenue,
  CAST(sum(sales.revenue) / nullif(sum(sales.times_sold * service.labor_hours), 0) AS decimal(12, 2)) AS revenue_per_hour
FROM gold.service_sales_monthly AS sales
INNER JOIN silver.service AS service
  ON service.service_id = sales.service_id
GROUP BY service.category
ORDER BY labor_revenue DESC, service.category
