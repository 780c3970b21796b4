-- Grain: a day and device of a tenant with at least one session. Answers: how many sessions reach each stage
-- of the funnel, and how many convert? A stage counts sessions that also reached every stage before it.
WITH stages AS (
  SELECT
    tenant_id,
    session_month,
    session_date,
    device,
    count(*) AS sessions,
    count_if(has_viewed_product) AS viewed_product,
    count_if(has_viewed_product AND has_added_to_cart) AS added_to_cart,
    count_if(has_viewed_product AND has_added_to_cart AND has_started_checkout) AS started_checkout,
    count_if(has_viewed_product AND has_added_to_cart AND has_started_checkout AND has_purchased) AS purchased,
    count_if(has_purchased) AS converted_sessions,
    CAST(sum(purchase_value) AS DECIMAL(18, 2)) AS purchase_value
  FROM gold.sessions
  GROUP BY tenant_id, session_month, session_date, device
)

SELECT
  tenant_id,
  session_month,
  session_date,
  device,
  sessions,
  viewed_product,
  added_to_cart,
  started_checkout,
  purchased,
  converted_sessions,
  purchase_value,
  CAST(converted_sessions / CAST(sessions AS DECIMAL(18, 0)) AS DECIMAL(9, 4)) AS conversion_rate
FROM stages
