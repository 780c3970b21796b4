-- How far sessions come on each device: views, carts, checkouts, purchases and their shares.
WITH stages AS (
  SELECT
    device,
    sum(sessions) AS sessions,
    sum(viewed_product) AS viewed_product,
    sum(added_to_cart) AS added_to_cart,
    sum(started_checkout) AS started_checkout,
    sum(purchased) AS purchased
  FROM gold.funnel_daily
  GROUP BY device
)

SELECT
  device,
  sessions,
  viewed_product,
  added_to_cart,
  started_checkout,
  purchased,
  CAST(CAST(viewed_product AS decimal(18, 4)) / sessions AS decimal(9, 4)) AS view_rate,
  CAST(CAST(added_to_cart AS decimal(18, 4)) / nullif(viewed_product, 0) AS decimal(9, 4)) AS cart_rate,
  CAST(CAST(started_checkout AS decimal(18, 4)) / nullif(added_to_cart, 0) AS decimal(9, 4)) AS checkout_rate,
  CAST(CAST(purchased AS decimal(18, 4)) / nullif(started_checkout, 0) AS decimal(9, 4)) AS purchase_rate
FROM stages
ORDER BY sessions DESC, device
