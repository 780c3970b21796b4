-- What moved monthly recurring revenue, from each month's opening to its closing, of all tenants with one currency.
SELECT
  tenant.currency,
  monthly.month,
  sum(monthly.opening_mrr) AS opening_mrr,
  sum(monthly.new_mrr) AS new_mrr,
  sum(monthly.reactivated_mrr) AS reactivated_mrr,
  sum(monthly.expansion_mrr) AS expansion_mrr,
  -sum(monthly.contraction_mrr) AS contraction_mrr,
  -sum(monthly.churned_mrr) AS churned_mrr,
  sum(monthly.mrr) AS closing_mrr
FROM gold.subscription_mrr_monthly AS monthly
INNER JOIN gold.dim_tenant AS tenant ON tenant.tenant_id = monthly.tenant_id
GROUP BY tenant.currency, monthly.month
ORDER BY tenant.currency, monthly.month
