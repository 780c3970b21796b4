-- Length and depth of visits by month and device, all tenants together.
SELECT
  session_month,
  device,
  sum(sessions) AS sessions,
  CAST(CAST(sum(duration_seconds) AS decimal(18, 4)) / sum(sessions) AS decimal(12, 1)) AS average_duration_seconds,
  CAST(CAST(sum(events) AS decimal(18, 4)) / sum(sessions) AS decimal(9, 2)) AS events_per_session,
  CAST(CAST(sum(bounced_sessions) AS decimal(18, 4)) / sum(sessions) AS decimal(9, 4)) AS bounce_rate
FROM gold.session_engagement_daily
GROUP BY session_month, device
ORDER BY session_month, device
