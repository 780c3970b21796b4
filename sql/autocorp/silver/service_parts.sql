-- One row per part that a service needs.
SELECT
  service_id,
  part_id,
  quantity,
  created_at,
  updated_at
FROM service_parts
