-- Grain: a day and device of a tenant with at least one session. Answers: how long and how deep are visits?
-- Visitors are customers known in the session; sessions without one are counted apart.
WITH days AS (
  SELECT
    tenant_id,
    session_month,
    session_date,
    device,
    count(*) AS sessions,
    count(DISTINCT customer_id) AS visitors,
    count_if(customer_id IS NULL) AS anonymous_sessions,
    count_if(is_bounced) AS bounced_sessions,
    sum(events) AS events,
    sum(page_views) AS page_views,
    sum(searches) AS searches,
    sum(duration_seconds) AS duration_seconds
  FROM gold.sessions
  GROUP BY tenant_id, session_month, session_date, device
)

SELECT
  tenant_id,
  session_month,
  session_date,
  device,
  sessions,
  visitors,
  anonymous_sessions,
  bounced_sessions,
  events,
  page_views,
  searches,
  duration_seconds,
  CAST(duration_seconds / CAST(sessions AS DECIMAL(18, 0)) AS DECIMAL(12, 2)) AS average_duration_seconds,
  CAST(events / CAST(sessions AS DECIMAL(18, 0)) AS DECIMAL(9, 2)) AS events_per_session,
  CAST(bounced_sessions / CAST(sessions AS DECIMAL(18, 0)) AS DECIMAL(9, 4)) AS bounce_rate
FROM days
