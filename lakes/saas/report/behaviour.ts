import type { ReportSection } from "../../report";

const LAST_30_DAYS = "session_date >= date_add('day', -30, :today) AND session_date < :today";

/** What visitors do, and how far they come. */
export const behaviour: ReportSection = {
  id: "visits",
  title: "Visits",
  sentence: "Sessions of all tenants; the last 30 full days unless said.",
  figures: [
    {
      kind: "funnel",
      title: "How far they come",
      sentence: "Sessions that reached a stage and every stage before it.",
      counted: "Sessions",
      width: "half",
      sql: `SELECT sum(sessions) AS sessions, sum(viewed_product) AS viewed_product,
  sum(added_to_cart) AS added_to_cart, sum(started_checkout) AS started_checkout, sum(purchased) AS purchased
FROM gold.funnel_daily
WHERE ${LAST_30_DAYS}
HAVING sum(sessions) > 0`,
      stages: [
        { column: "sessions", title: "Visited", format: "count" },
        { column: "viewed_product", title: "Viewed a product", format: "count" },
        { column: "added_to_cart", title: "Filled the cart", format: "count" },
        { column: "started_checkout", title: "Began checkout", format: "count" },
        { column: "purchased", title: "Bought", format: "count" },
      ],
      empty: "No session in the last 30 days.",
    },
    {
      kind: "series",
      title: "Sessions by day",
      sentence: "The last 13 weeks.",
      width: "half",
      sql: `SELECT session_date AS day, sum(sessions) AS sessions,
  CAST(sum(bounced_sessions) AS double) / nullif(sum(sessions), 0) AS bounce_rate
FROM gold.session_engagement_daily
WHERE session_date > date_add('day', -92, :today) AND session_date < :today
GROUP BY session_date
ORDER BY session_date`,
      x: { column: "day", title: "Day", format: "day" },
      series: [{ column: "sessions", title: "Sessions", format: "count", mark: "line" }],
      details: [{ column: "bounce_rate", title: "Left at once", format: "percent" }],
      empty: "No session in the last 13 weeks.",
    },
    {
      kind: "table",
      title: "By device",
      sql: `WITH visits AS (
  SELECT device, sum(sessions) AS sessions,
    CAST(sum(duration_seconds) AS double) / nullif(sum(sessions), 0) AS duration,
    CAST(sum(events) AS double) / nullif(sum(sessions), 0) AS depth,
    CAST(sum(bounced_sessions) AS double) / nullif(sum(sessions), 0) AS bounce_rate
  FROM gold.session_engagement_daily
  WHERE ${LAST_30_DAYS}
  GROUP BY device
),
carts AS (
  SELECT device, CAST(sum(abandoned_carts) AS double) / nullif(sum(carts), 0) AS abandonment
  FROM gold.cart_abandonment_daily
  WHERE ${LAST_30_DAYS}
  GROUP BY device
),
bought AS (
  SELECT device, CAST(sum(converted_sessions) AS double) / nullif(sum(sessions), 0) AS conversion
  FROM gold.funnel_daily
  WHERE ${LAST_30_DAYS}
  GROUP BY device
)
SELECT visits.device, visits.sessions, visits.duration, visits.depth, visits.bounce_rate,
  carts.abandonment, bought.conversion
FROM visits
LEFT JOIN carts ON carts.device = visits.device
LEFT JOIN bought ON bought.device = visits.device
ORDER BY visits.sessions DESC, visits.device`,
      columns: [
        { column: "device", title: "Device", format: "text" },
        { column: "sessions", title: "Sessions", format: "count", bar: true },
        { column: "duration", title: "Time on site", format: "seconds" },
        { column: "depth", title: "Events", format: "decimal" },
        { column: "bounce_rate", title: "Left at once", format: "percent" },
        { column: "abandonment", title: "Carts abandoned", format: "percent" },
        { column: "conversion", title: "Conversion", format: "percent" },
      ],
      empty: "No session in the last 30 days.",
    },
  ],
};
