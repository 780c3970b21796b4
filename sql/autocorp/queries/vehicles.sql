-- Orders, age and revenue by make of vehicle.
SELECT
  coalesce(vehicle_make, 'unknown') AS vehicle_make,
  count(*) AS orders,
  CAST(avg(year(order_date) - vehicle_year) AS decimal(9, 1)) AS average_age,
  CAST(avg(mileage) AS decimal(12, 0)) AS average_mileage,
  sum(net_amount) AS net_revenue
FROM silver.sales_order
WHERE is_revenue
GROUP BY coalesce(vehicle_make, 'unknown')
ORDER BY net_revenue DESC, vehicle_make
