-- One row per order: status normalised, net amount and the rates of tax and discount derived.
-- Partitioned by month, for questions name months, and by ISO week, for a batch of new orders rewrites
-- the files of one week.
SELECT
  id,
  tenant_id,
  customer_id,
  order_number,
  lower(trim(status)) AS status,
  lower(trim(status)) IN ('paid', 'shipped', 'delivered') AS is_revenue,
  upper(currency) AS currency,
  subtotal,
  discount_amount,
  tax_amount,
  shipping_amount,
  total_amount,
  CAST(subtotal - discount_amount AS DECIMAL(12, 2)) AS net_amount,
  CASE WHEN subtotal > 0 THEN CAST(discount_amount / subtotal AS DECIMAL(9, 4)) END AS discount_rate,
  CASE
    WHEN subtotal - discount_amount > 0 THEN CAST(tax_amount / (subtotal - discount_amount) AS DECIMAL(9, 4))
  END AS tax_rate,
  total_amount = subtotal - discount_amount + tax_amount + shipping_amount AS is_total_consistent,
  nullif(trim(coupon_code), '') AS coupon_code,
  get_json_object(metadata, '$.channel') AS channel,
  metadata,
  ordered_at,
  CAST(ordered_at AS DATE) AS order_date,
  date_format(ordered_at, 'yyyy-MM') AS order_month,
  concat(
    extract(YEAROFWEEK FROM ordered_at), '-W', lpad(extract(WEEK FROM ordered_at), 2, '0')
  ) AS order_week,
  created_at,
  updated_at
FROM core_order
