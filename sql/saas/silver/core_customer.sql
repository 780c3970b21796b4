-- One row per customer: e-mail and phone standardised, an e-mail that can be shown beside the raw one.
SELECT
  id,
  tenant_id,
  coalesce(lower(trim(email)) RLIKE '^[a-z0-9._%+-]+@([a-z0-9-]+[.])+[a-z]{2,}$', FALSE) AS is_email_valid,
  CASE WHEN is_email_valid THEN lower(trim(email)) END AS email,
  CASE
    WHEN is_email_valid
      THEN concat(left(lower(trim(email)), 1), '***@', substring_index(lower(trim(email)), '@', -1))
  END AS email_masked,
  trim(first_name) AS first_name,
  trim(last_name) AS last_name,
  -- digits, with a leading + where the country is given; 15 at most (ITU-T E.164)
  CASE
    WHEN trim(phone) NOT RLIKE '^([+]|00|(?!00))([^0-9]*[0-9]){7,15}[^0-9]*$' THEN NULL
    WHEN trim(phone) RLIKE '^([+]|00)' THEN concat('+', regexp_replace(trim(phone), '^00|[^0-9]', ''))
    ELSE regexp_replace(phone, '[^0-9]', '')
  END AS phone,
  nullif(trim(company), '') AS company,
  nullif(trim(city), '') AS city,
  upper(nullif(trim(country), '')) AS country,
  lower(trim(segment)) AS segment,
  marketing_opt_in,
  coalesce(get_json_object(metadata, '$.source'), 'unknown') AS acquisition_source,
  get_json_object(metadata, '$.utm_campaign') AS utm_campaign,
  created_at,
  updated_at
FROM core_customer
