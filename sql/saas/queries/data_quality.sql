-- Rows of silver that are kept but flagged, by table: what is odd about them and how many there are.
SELECT
  'core_tenant' AS table_name,
  'domain is not valid' AS flag,
  count_if(NOT is_domain_valid) AS flagged_rows,
  count(*) AS all_rows
FROM silver.core_tenant
UNION ALL
SELECT
  'core_customer' AS table_name,
  'e-mail is not valid' AS flag,
  count_if(NOT is_email_valid) AS flagged_rows,
  count(*) AS all_rows
FROM silver.core_customer
UNION ALL
SELECT
  'core_product' AS table_name,
  'has no known category' AS flag,
  count_if(category = 'Other') AS flagged_rows,
  count(*) AS all_rows
FROM silver.core_product
UNION ALL
SELECT
  'core_product' AS table_name,
  'costs more than its price' AS flag,
  count_if(unit_margin < 0) AS flagged_rows,
  count(*) AS all_rows
FROM silver.core_product
UNION ALL
SELECT
  'core_order' AS table_name,
  'total does not add up' AS flag,
  count_if(NOT is_total_consistent) AS flagged_rows,
  count(*) AS all_rows
FROM silver.core_order
UNION ALL
SELECT
  'core_orderitem' AS table_name,
  'line total does not add up' AS flag,
  count_if(NOT is_total_consistent) AS flagged_rows,
  count(*) AS all_rows
FROM silver.core_orderitem
UNION ALL
SELECT
  'core_event' AS table_name,
  'metadata is not JSON' AS flag,
  count_if(NOT is_metadata_valid) AS flagged_rows,
  count(*) AS all_rows
FROM silver.core_event
ORDER BY table_name, flag
