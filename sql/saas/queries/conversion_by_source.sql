-- Which referring hosts bring sessions that buy.
SELECT
  referrer_host,
  sum(sessions) AS sessions,
  sum(sign_ups) AS sign_ups,
  sum(converted_sessions) AS converted_sessions,
  CAST(CAST(sum(converted_sessions) AS decimal(18, 4)) / sum(sessions) AS decimal(9, 4)) AS conversion_rate
FROM gold.conversion_by_source_monthly
GROUP BY referrer_host
ORDER BY sessions DESC, referrer_host
LIMIT 50
