-- Grain: a month, referring host and device of a tenant with at least one session. Answers: which sources
-- bring visitors who buy?
WITH sources AS (
  SELECT
    tenant_id,
    CAST(concat(session_month, '-01') AS DATE) AS month,
    referrer_host,
    device,
    count(*) AS sessions,
    count_if(has_signed_up) AS sign_ups,
    count_if(has_purchased) AS converted_sessions,
    CAST(sum(purchase_value) AS DECIMAL(18, 2)) AS purchase_value
  FROM gold.sessions
  GROUP BY tenant_id, session_month, referrer_host, device
)

SELECT
  tenant_id,
  month,
  referrer_host,
  device,
  sessions,
  sign_ups,
  converted_sessions,
  purchase_value,
  CAST(converted_sessions / CAST(sessions AS DECIMAL(18, 0)) AS DECIMAL(9, 4)) AS conversion_rate
FROM sources
