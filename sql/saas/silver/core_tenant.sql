-- One row per tenant: settings parsed, domain cleaned and validated.
SELECT
  id,
  trim(name) AS name,
  lower(trim(slug)) AS slug,
  regexp_replace(lower(trim(domain)), '^https?://|[./ ]+$', '') AS domain,
  lower(trim(domain)) RLIKE '^(https?://)?([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z]{2,}[./]*$' AS is_domain_valid,
  lower(trim(plan)) AS plan,
  is_active,
  coalesce(get_json_object(settings, '$.timezone'), 'UTC') AS timezone,
  coalesce(get_json_object(settings, '$.locale'), 'en-US') AS locale,
  upper(coalesce(get_json_object(settings, '$.currency'), 'USD')) AS currency,
  array_sort(map_keys(map_filter(
    from_json(get_json_object(settings, '$.features'), 'MAP<STRING, BOOLEAN>'), (name, enabled) -> enabled
  ))) AS enabled_features,
  CAST(get_json_object(settings, '$.limits.seats') AS INT) AS seat_limit,
  settings,
  created_at,
  updated_at
FROM core_tenant
