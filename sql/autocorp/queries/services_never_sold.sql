-- Services on offer that nobody has bought yet.
SELECT
  service.service_id,
  service.service_code,
  service.name,
  service.category,
  service.price
FROM silver.service AS service
LEFT JOIN gold.service_profitability AS sold
  ON sold.service_id = service.service_id
WHERE service.is_active AND sold.service_id IS NULL
ORDER BY service.service_id
