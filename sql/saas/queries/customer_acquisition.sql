-- Sign-ups and first-time buyers of each month with running totals, per tenant.
SELECT
  tenant_id,
  month,
  sign_ups,
  marketing_opt_ins,
  first_time_buyers,
  first_month_revenue,
  sum(sign_ups) OVER (PARTITION BY tenant_id ORDER BY month) AS total_sign_ups,
  sum(first_time_buyers) OVER (PARTITION BY tenant_id ORDER BY month) AS total_buyers
FROM gold.customer_acquisition_monthly
ORDER BY tenant_id, month
