-- Active, new, reactivated and lost customers of each month, per tenant.
SELECT
  tenant_id,
  month,
  active_at_start,
  new_customers,
  reactivated_customers,
  lost_customers,
  active_customers,
  churn_rate
FROM gold.customer_churn_monthly
ORDER BY tenant_id, month
