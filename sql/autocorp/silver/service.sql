-- One row per service: code and category standardised, what is left after labor derived.
SELECT
  service_id,
  upper(trim(service_code)) AS service_code,
  trim(name) AS name,
  coalesce(initcap(nullif(trim(category), '')), 'Other') AS category,
  labor_hours,
  labor_cost,
  price,
  CAST(price - labor_cost AS DECIMAL(12, 2)) AS margin_after_labor,
  is_active,
  created_at,
  updated_at
FROM service
