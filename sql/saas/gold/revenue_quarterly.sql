-- Grain: a quarter of a tenant with at least one order. Answers: how does revenue grow quarter on quarter?
-- Growth compares with the calendar quarter before; null where that quarter had no revenue.
WITH quarters AS (
  SELECT
    tenant_id,
    CAST(date_trunc('QUARTER', month) AS DATE) AS quarter,
    count(*) AS months,
    sum(orders) AS orders,
    sum(revenue_orders) AS revenue_orders,
    CAST(sum(gross_revenue) AS DECIMAL(18, 2)) AS gross_revenue,
    CAST(sum(discounts) AS DECIMAL(18, 2)) AS discounts,
    CAST(sum(net_revenue) AS DECIMAL(18, 2)) AS net_revenue
  FROM gold.revenue_monthly
  GROUP BY tenant_id, CAST(date_trunc('QUARTER', month) AS DATE)
)

SELECT
  current.tenant_id,
  current.quarter,
  current.months,
  current.orders,
  current.revenue_orders,
  current.gross_revenue,
  current.discounts,
  current.net_revenue,
  CAST(current.net_revenue / nullif(current.revenue_orders, 0) AS DECIMAL(18, 2)) AS average_order_value,
  previous.net_revenue AS previous_net_revenue,
  CAST(current.net_revenue / nullif(previous.net_revenue, 0) - 1 AS DECIMAL(12, 4)) AS growth_rate
FROM quarters AS current
LEFT JOIN quarters AS previous
  ON previous.tenant_id = current.tenant_id AND previous.quarter = add_months(current.quarter, -3)
