-- Grain: a path (the first five steps of a session) of a tenant in a month. Answers: which ways do visitors
-- take, and which of them end in a purchase? Ranks are within the tenant's month.
WITH paths AS (
  SELECT
    tenant_id,
    CAST(concat(session_month, '-01') AS DATE) AS month,
    path,
    count(*) AS sessions,
    count_if(has_purchased) AS converted_sessions,
    sum(duration_seconds) AS duration_seconds
  FROM gold.sessions
  GROUP BY tenant_id, session_month, path
)

SELECT
  tenant_id,
  month,
  path,
  row_number() OVER (PARTITION BY tenant_id, month ORDER BY sessions DESC, path) AS path_rank,
  sessions,
  converted_sessions,
  CAST(converted_sessions / CAST(sessions AS DECIMAL(18, 0)) AS DECIMAL(9, 4)) AS conversion_rate,
  CAST(duration_seconds / CAST(sessions AS DECIMAL(18, 0)) AS DECIMAL(12, 2)) AS average_duration_seconds
FROM paths
