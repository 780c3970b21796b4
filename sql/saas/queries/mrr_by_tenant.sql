-- MRR, ARR, subscribers, revenue per subscriber and retention of the newest month, per tenant.
SELECT
  monthly.tenant_id,
  tenant.currency,
  monthly.month,
  monthly.mrr,
  monthly.arr,
  monthly.subscribers,
  monthly.arpu,
  monthly.subscriber_churn_rate,
  monthly.revenue_churn_rate,
  monthly.net_revenue_retention
FROM gold.subscription_mrr_monthly AS monthly
LEFT JOIN gold.dim_tenant AS tenant ON tenant.tenant_id = monthly.tenant_id
WHERE monthly.month = (SELECT max(month) FROM gold.subscription_mrr_monthly)
ORDER BY monthly.tenant_id
