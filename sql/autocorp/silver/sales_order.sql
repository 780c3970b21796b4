-- One row per order: status, channel and vehicle standardised, net amount and month derived.
-- The counters' files have no channel, and a total alone: no discount, tax or lines beside it. A channel
-- that the database leaves blank is none, and breaks the table's rule.
-- Partitioned by month, for questions name months.
SELECT
  order_id,
  customer_id,
  coalesce(lower(trim(channel)), 'counter') AS channel,
  regexp_replace(lower(trim(status)), '[ -]+', '_') AS status,
  coalesce(regexp_replace(lower(trim(status)), '[ -]+', '_') IN ('completed', 'paid'), FALSE) AS is_revenue,
  initcap(nullif(trim(vehicle_make), '')) AS vehicle_make,
  nullif(trim(vehicle_model), '') AS vehicle_model,
  CASE WHEN vehicle_year BETWEEN 1950 AND year(order_date) + 1 THEN vehicle_year END AS vehicle_year,
  CASE WHEN mileage >= 0 THEN mileage END AS mileage,
  coalesce(lower(nullif(trim(payment_method), '')), 'unknown') AS payment_method,
  coalesce(discount_amount, CAST(0 AS DECIMAL(12, 2))) AS discount_amount,
  coalesce(tax_amount, CAST(0 AS DECIMAL(12, 2))) AS tax_amount,
  total_amount,
  CAST(total_amount - coalesce(tax_amount, 0) AS DECIMAL(12, 2)) AS net_amount,
  nullif(trim(notes), '') AS notes,
  order_date,
  date_format(order_date, 'yyyy-MM') AS order_month,
  created_at,
  updated_at
FROM sales_order
