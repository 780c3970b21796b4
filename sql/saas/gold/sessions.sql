-- Grain: a session of a tenant (events that share a session id). Answers: what happened in a visit, and how
-- far did it go? Events of the same moment come in the order of their ids. A cart is abandoned when something
-- is left in it and nothing was bought.
WITH visits AS (
  SELECT
    tenant_id,
    session_id,
    max_by(customer_id, struct(occurred_at, id)) FILTER (WHERE customer_id IS NOT NULL) AS customer_id,
    min(occurred_at) AS started_at,
    max(occurred_at) AS ended_at,
    min_by(device, struct(occurred_at, id)) AS device,
    min_by(referrer_host, struct(occurred_at, id)) AS referrer_host,
    min_by(page_path, struct(occurred_at, id)) FILTER (WHERE page_path IS NOT NULL) AS landing_page,
    max_by(page_path, struct(occurred_at, id)) FILTER (WHERE page_path IS NOT NULL) AS exit_page,
    count(*) AS events,
    count_if(event_type = 'page_view') AS page_views,
    count_if(event_type = 'product_view') AS product_views,
    count_if(event_type = 'search') AS searches,
    count_if(event_type = 'add_to_cart') AS cart_additions,
    count_if(event_type = 'remove_from_cart') AS cart_removals,
    count_if(event_type = 'checkout_started') AS checkouts,
    count_if(event_type = 'purchase') AS purchases,
    count_if(event_type = 'signup') > 0 AS has_signed_up,
    CAST(coalesce(sum(event_value) FILTER (WHERE event_type = 'add_to_cart'), 0) AS DECIMAL(18, 2)) AS added_value,
    CAST(coalesce(sum(event_value) FILTER (WHERE event_type = 'remove_from_cart'), 0) AS DECIMAL(18, 2))
      AS removed_value,
    CAST(coalesce(sum(event_value) FILTER (WHERE event_type = 'purchase'), 0) AS DECIMAL(18, 2)) AS purchase_value,
    array_join(
      transform(slice(array_sort(collect_list(struct(occurred_at, id, event_type))), 1, 5), step -> step.event_type),
      ' > '
    ) AS path
  FROM silver.core_event
  GROUP BY tenant_id, session_id
)

SELECT
  tenant_id,
  session_id,
  customer_id,
  started_at,
  ended_at,
  CAST(started_at AS DATE) AS session_date,
  date_format(started_at, 'yyyy-MM') AS session_month,
  unix_seconds(ended_at) - unix_seconds(started_at) AS duration_seconds,
  device,
  referrer_host,
  landing_page,
  exit_page,
  events,
  page_views,
  product_views,
  searches,
  cart_additions,
  cart_removals,
  checkouts,
  purchases,
  product_views > 0 AS has_viewed_product,
  cart_additions > 0 AS has_added_to_cart,
  checkouts > 0 AS has_started_checkout,
  purchases > 0 AS has_purchased,
  has_signed_up,
  events = 1 AS is_bounced,
  cart_additions > cart_removals AND purchases = 0 AS is_cart_abandoned,
  CAST(added_value - removed_value AS DECIMAL(18, 2)) AS cart_value,
  purchase_value,
  path
FROM visits
