-- Grain: a day of a tenant with at least one order. Answers: what was sold, at which average order value?
-- Revenue counts orders that are paid, shipped or delivered. Net: after discounts, before tax and shipping.
-- Here as in every model, amounts of a tenant are in its one currency.
SELECT
  tenant_id,
  order_month,
  order_date,
  count(*) AS orders,
  count_if(is_revenue) AS revenue_orders,
  count_if(status = 'cancelled') AS cancelled_orders,
  count_if(status = 'refunded') AS refunded_orders,
  count(DISTINCT customer_id) FILTER (WHERE is_revenue) AS customers,
  CAST(coalesce(sum(subtotal) FILTER (WHERE is_revenue), 0) AS DECIMAL(18, 2)) AS gross_revenue,
  CAST(coalesce(sum(discount_amount) FILTER (WHERE is_revenue), 0) AS DECIMAL(18, 2)) AS discounts,
  CAST(coalesce(sum(net_amount) FILTER (WHERE is_revenue), 0) AS DECIMAL(18, 2)) AS net_revenue,
  CAST(coalesce(sum(tax_amount) FILTER (WHERE is_revenue), 0) AS DECIMAL(18, 2)) AS tax,
  CAST(coalesce(sum(shipping_amount) FILTER (WHERE is_revenue), 0) AS DECIMAL(18, 2)) AS shipping,
  CAST(avg(net_amount) FILTER (WHERE is_revenue) AS DECIMAL(18, 2)) AS average_order_value
FROM silver.core_order
GROUP BY tenant_id, order_month, order_date
