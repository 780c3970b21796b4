-- Grain: a customer with at least one order that is completed or paid. Answers: what is a customer worth?
SELECT
  customer_id,
  min(order_date) AS first_order_date,
  max(order_date) AS last_order_date,
  count(DISTINCT order_month) AS active_months,
  -- an order that names no vehicle has none
  count(
    DISTINCT nullif(concat_ws(' ', vehicle_make, vehicle_model, CAST(vehicle_year AS STRING)), '')
  ) AS vehicles,
  count(*) AS orders,
  CAST(sum(net_amount) AS DECIMAL(18, 2)) AS net_revenue,
  CAST(sum(net_amount) / count(*) AS DECIMAL(18, 2)) AS average_order_value,
  CAST(sum(discount_amount) AS DECIMAL(18, 2)) AS discounts
FROM silver.sales_order
WHERE is_revenue AND customer_id IS NOT NULL
GROUP BY customer_id
