-- The 30 ways through the shop that visitors take most, and how often they end in a purchase.
SELECT
  path,
  sum(sessions) AS sessions,
  sum(converted_sessions) AS converted_sessions,
  CAST(CAST(sum(converted_sessions) AS decimal(18, 4)) / sum(sessions) AS decimal(9, 4)) AS conversion_rate
FROM gold.user_journeys_monthly
GROUP BY path
ORDER BY sessions DESC, path
LIMIT 30
