-- What is owed by age of the debt, per tenant.
SELECT
  tenant_id,
  aging_bucket,
  count(*) AS invoices,
  sum(open_amount) AS open_amount,
  max(days_overdue) AS most_days_overdue
FROM gold.invoice_aging
GROUP BY tenant_id, aging_bucket
ORDER BY tenant_id, most_days_overdue, aging_bucket
