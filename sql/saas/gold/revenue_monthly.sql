-- Grain: a month of a tenant with at least one order. Answers: how does revenue grow month on month?
-- Growth compares with the calendar month before; null where that month had no revenue.
WITH months AS (
  SELECT
    tenant_id,
    CAST(concat(order_month, '-01') AS DATE) AS month,
    sum(orders) AS orders,
    sum(revenue_orders) AS revenue_orders,
    sum(cancelled_orders) AS cancelled_orders,
    sum(refunded_orders) AS refunded_orders,
    CAST(sum(gross_revenue) AS DECIMAL(18, 2)) AS gross_revenue,
    CAST(sum(discounts) AS DECIMAL(18, 2)) AS discounts,
    CAST(sum(net_revenue) AS DECIMAL(18, 2)) AS net_revenue,
    CAST(sum(tax) AS DECIMAL(18, 2)) AS tax,
    CAST(sum(shipping) AS DECIMAL(18, 2)) AS shipping
  FROM gold.revenue_daily
  GROUP BY tenant_id, order_month
)

SELECT
  current.tenant_id,
  current.month,
  current.orders,
  current.revenue_orders,
  current.cancelled_orders,
  current.refunded_orders,
  current.gross_revenue,
  current.discounts,
  current.net_revenue,
  current.tax,
  current.shipping,
  CAST(current.net_revenue / nullif(current.revenue_orders, 0) AS DECIMAL(18, 2)) AS average_order_value,
  previous.net_revenue AS previous_net_revenue,
  CAST(current.net_revenue / nullif(previous.net_revenue, 0) - 1 AS DECIMAL(12, 4)) AS growth_rate
FROM months AS current
LEFT JOIN months AS previous
  ON previous.tenant_id = current.tenant_id AND previous.month = add_months(current.month, -1)
