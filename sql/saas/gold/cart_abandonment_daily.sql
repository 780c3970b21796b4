-- Grain: a day and device of a tenant with at least one filled cart. Answers: how many carts are left behind,
-- how far had they come, and what were they worth?
WITH carts AS (
  SELECT
    tenant_id,
    session_month,
    session_date,
    device,
    count(*) AS carts,
    count_if(is_cart_abandoned) AS abandoned_carts,
    count_if(is_cart_abandoned AND has_started_checkout) AS abandoned_at_checkout,
    CAST(sum(cart_value) AS DECIMAL(18, 2)) AS cart_value,
    CAST(coalesce(sum(cart_value) FILTER (WHERE is_cart_abandoned), 0) AS DECIMAL(18, 2)) AS abandoned_value
  FROM gold.sessions
  WHERE has_added_to_cart
  GROUP BY tenant_id, session_month, session_date, device
)

SELECT
  tenant_id,
  session_month,
  session_date,
  device,
  carts,
  abandoned_carts,
  abandoned_at_checkout,
  cart_value,
  abandoned_value,
  CAST(abandoned_carts / CAST(carts AS DECIMAL(18, 0)) AS DECIMAL(9, 4)) AS abandonment_rate
FROM carts
