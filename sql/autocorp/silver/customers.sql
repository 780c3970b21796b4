-- One row per customer: names trimmed, e-mail, phone, state and postal code standardised, an e-mail that
-- can be shown beside the raw one. A state is its two letters, whether code, name or "Calif." was typed.
SELECT
  customer_id,
  nullif(trim(first_name), '') AS first_name,
  nullif(trim(last_name), '') AS last_name,
  coalesce(lower(trim(email)) RLIKE '^[a-z0-9._%+-]+@([a-z0-9-]+[.])+[a-z]{2,}$', FALSE) AS is_email_valid,
  CASE WHEN is_email_valid THEN lower(trim(email)) END AS email,
  CASE
    WHEN is_email_valid
      THEN concat(left(lower(trim(email)), 1), '***@', substring_index(lower(trim(email)), '@', -1))
  END AS email_masked,
  -- ten digits after the country's 1, which people leave out; an extension is no part of it (ITU-T E.164)
  nullif(
    concat(
      '+1',
      regexp_extract(regexp_replace(lower(phone), '(x|ext).*$|[^0-9]', ''), '^1?([2-9][0-9]{9})$', 1)
    ),
    '+1'
  ) AS phone,
  nullif(trim(street), '') AS street,
  initcap(nullif(trim(city), '')) AS city,
  CASE
    WHEN replace(upper(trim(state)), '.', '') IN (
      'AL', 'AK', 'AZ', 'AR', 'CA', 'CO', 'CT', 'DE', 'DC', 'FL', 'GA', 'HI', 'ID', 'IL', 'IN', 'IA',
      'KS', 'KY', 'LA', 'ME', 'MD', 'MA', 'MI', 'MN', 'MS', 'MO', 'MT', 'NE', 'NV', 'NH', 'NJ', 'NM',
      'NY', 'NC', 'ND', 'OH', 'OK', 'OR', 'PA', 'RI', 'SC', 'SD', 'TN', 'TX', 'UT', 'VT', 'VA', 'WA',
      'WV', 'WI', 'WY'
    ) THEN replace(upper(trim(state)), '.', '')
    ELSE map(
      'ALABAMA', 'AL', 'ALASKA', 'AK', 'ARIZONA', 'AZ', 'ARKANSAS', 'AR', 'CALIF', 'CA', 'CALIFORNIA', 'CA',
      'COLORADO', 'CO', 'CONNECTICUT', 'CT', 'DELAWARE', 'DE', 'DISTRICT OF COLUMBIA', 'DC',
      'FLORIDA', 'FL', 'GEORGIA', 'GA', 'HAWAII', 'HI', 'IDAHO', 'ID', 'ILLINOIS', 'IL', 'INDIANA', 'IN',
      'IOWA', 'IA', 'KANSAS', 'KS', 'KENTUCKY', 'KY', 'LOUISIANA', 'LA', 'MAINE', 'ME', 'MARYLAND', 'MD',
      'MASSACHUSETTS', 'MA', 'MICHIGAN', 'MI', 'MINNESOTA', 'MN', 'MISSISSIPPI', 'MS', 'MISSOURI', 'MO',
      'MONTANA', 'MT', 'NEBRASKA', 'NE', 'NEVADA', 'NV', 'NEW HAMPSHIRE', 'NH', 'NEW JERSEY', 'NJ',
      'NEW MEXICO', 'NM', 'NEW YORK', 'NY', 'NORTH CAROLINA', 'NC', 'NORTH DAKOTA', 'ND', 'OHIO', 'OH',
      'OKLAHOMA', 'OK', 'OREGON', 'OR', 'PENNSYLVANIA', 'PA', 'RHODE ISLAND', 'RI',
      'SOUTH CAROLINA', 'SC', 'SOUTH DAKOTA', 'SD', 'TENNESSEE', 'TN', 'TEXAS', 'TX', 'UTAH', 'UT',
      'VERMONT', 'VT', 'VIRGINIA', 'VA', 'WASHINGTON', 'WA', 'WEST VIRGINIA', 'WV', 'WISCONSIN', 'WI',
      'WYOMING', 'WY'
    )[replace(upper(trim(state)), '.', '')]
  END AS state,
  CASE WHEN trim(postal_code) RLIKE '^[0-9]{5}(-?[0-9]{4})?$' THEN left(trim(postal_code), 5) END AS postal_code,
  marketing_opt_in,
  created_at,
  updated_at
FROM customers
