-- Rows of silver that are kept but flagged, by table: what is odd about them and how many there are.
SELECT
  'customers' AS table_name,
  'e-mail is not valid' AS flag,
  count_if(NOT is_email_valid) AS flagged_rows,
  count(*) AS all_rows
FROM silver.customers
UNION ALL
SELECT
  'customers' AS table_name,
  'has no known state' AS flag,
  count_if(state IS NULL) AS flagged_rows,
  count(*) AS all_rows
FROM silver.customers
UNION ALL
SELECT
  'auto_parts' AS table_name,
  'costs more than its price' AS flag,
  count_if(unit_margin < 0) AS flagged_rows,
  count(*) AS all_rows
FROM silver.auto_parts
UNION ALL
SELECT
  'sales_order' AS table_name,
  'has no customer' AS flag,
  count_if(customer_id IS NULL) AS flagged_rows,
  count(*) AS all_rows
FROM silver.sales_order
UNION ALL
SELECT
  'sales_order_parts' AS table_name,
  'line total does not add up' AS flag,
  count_if(NOT is_total_consistent) AS flagged_rows,
  count(*) AS all_rows
FROM silver.sales_order_parts
UNION ALL
SELECT
  'sales_order_services' AS table_name,
  'line total does not add up' AS flag,
  count_if(NOT is_total_consistent) AS flagged_rows,
  count(*) AS all_rows
FROM silver.sales_order_services
ORDER BY table_name, flag
