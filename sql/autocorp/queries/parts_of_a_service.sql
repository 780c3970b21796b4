-- The parts that the service sold most often needs, with the stock of each.
WITH favourite AS (
  SELECT service_id
  FROM gold.service_profitability
  ORDER BY times_sold DESC, service_id
  LIMIT 1
)

SELECT
  service.service_code,
  service.name AS service,
  part.part_number,
  part.name AS part,
  need.quantity,
  part.stock_quantity,
  part.unit_price
FROM favourite
INNER JOIN silver.service AS service
  ON service.service_id = favourite.service_id
INNER JOIN silver.service_parts AS need
  ON need.service_id = favourite.service_id
LEFT JOIN silver.auto_parts AS part
  ON part.part_id = need.part_id
ORDER BY need.part_id
