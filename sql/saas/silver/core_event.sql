-- One row per event: metadata parsed; broken JSON leaves the parsed columns null. Partitioned by ISO
-- week: a batch of new events rewrites the files of one week, not of a month.
SELECT
  id,
  tenant_id,
  customer_id,
  session_id,
  lower(trim(event_type)) AS event_type,
  nullif(trim(page_url), '') AS page_url,
  parse_url(nullif(trim(page_url), ''), 'PATH') AS page_path,
  coalesce(parse_url(nullif(trim(referrer), ''), 'HOST'), 'direct') AS referrer_host,
  coalesce(lower(nullif(trim(device), '')), 'unknown') AS device,
  CAST(get_json_object(metadata, '$.product_id') AS BIGINT) AS product_id,
  CAST(get_json_object(metadata, '$.order_id') AS BIGINT) AS order_id,
  get_json_object(metadata, '$.query') AS search_query,
  CAST(get_json_object(metadata, '$.value') AS DECIMAL(12, 2)) AS event_value,
  CAST(get_json_object(metadata, '$.duration_ms') AS BIGINT) AS duration_ms,
  metadata IS NULL OR get_json_object(metadata, '$') IS NOT NULL AS is_metadata_valid,
  occurred_at,
  CAST(occurred_at AS DATE) AS event_date,
  concat(
    extract(YEAROFWEEK FROM occurred_at), '-W', lpad(extract(WEEK FROM occurred_at), 2, '0')
  ) AS event_week,
  created_at
FROM core_event
