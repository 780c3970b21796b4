-- What visitors search for, and in how many sessions that bought.
SELECT
  event.search_query,
  count(*) AS searches,
  count(DISTINCT event.session_id) AS sessions,
  count(DISTINCT CASE WHEN session.has_purchased THEN event.session_id END) AS converted_sessions
FROM silver.core_event AS event
INNER JOIN gold.sessions AS session
  ON session.tenant_id = event.tenant_id AND session.session_id = event.session_id
WHERE
  event.event_type = 'search'
  AND event.search_query IS NOT NULL
GROUP BY event.search_query
ORDER BY searches DESC, event.search_query
LIMIT 50
