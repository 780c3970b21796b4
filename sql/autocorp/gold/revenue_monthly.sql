-- Grain: a month with at least one order. Answers: what was earned, and how does it grow?
-- Revenue counts orders that are completed or paid, after discount and before tax. Growth compares with the
-- calendar month before; null where that month had no revenue.
WITH months AS (
  SELECT
    CAST(concat(order_month, '-01') AS DATE) AS month,
    count(*) AS orders,
    count_if(is_revenue) AS revenue_orders,
    count_if(status = 'cancelled') AS cancelled_orders,
    count_if(channel = 'counter' AND is_revenue) AS counter_orders,
    count(DISTINCT customer_id) FILTER (WHERE is_revenue) AS customers,
    CAST(coalesce(sum(discount_amount) FILTER (WHERE is_revenue), 0) AS DECIMAL(18, 2)) AS discounts,
    CAST(coalesce(sum(tax_amount) FILTER (WHERE is_revenue), 0) AS DECIMAL(18, 2)) AS tax,
    CAST(coalesce(sum(net_amount) FILTER (WHERE is_revenue), 0) AS DECIMAL(18, 2)) AS net_revenue,
    CAST(coalesce(sum(net_amount) FILTER (WHERE is_revenue AND channel = 'counter'), 0) AS DECIMAL(18, 2))
      AS counter_revenue
  FROM silver.sales_order
  GROUP BY order_month
)

SELECT
  current.month,
  current.orders,
  current.revenue_orders,
  current.cancelled_orders,
  current.counter_orders,
  current.customers,
  current.discounts,
  current.tax,
  current.net_revenue,
  current.counter_revenue,
  CAST(current.net_revenue / nullif(current.revenue_orders, 0) AS DECIMAL(18, 2)) AS average_order_value,
  previous.net_revenue AS previous_net_revenue,
  CAST(current.net_revenue / nullif(previous.net_revenue, 0) - 1 AS DECIMAL(12, 4)) AS growth_rate
FROM months AS current
LEFT JOIN months AS previous
  ON previous.month = add_months(current.month, -1)
