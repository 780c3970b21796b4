-- The ten customers of each tenant that owe most overdue money.
WITH debts AS (
  SELECT
    tenant_id,
    customer_id,
    currency,
    count(*) AS overdue_invoices,
    sum(open_amount) AS overdue_amount,
    max(days_overdue) AS most_days_overdue
  FROM gold.invoice_aging
  WHERE days_overdue > 0
  GROUP BY tenant_id, customer_id, currency
),

ranked AS (
  SELECT
    tenant_id,
    customer_id,
    currency,
    overdue_invoices,
    overdue_amount,
    most_days_overdue,
    row_number() OVER (PARTITION BY tenant_id ORDER BY overdue_amount DESC, customer_id, currency) AS place
  FROM debts
)

SELECT
  tenant_id,
  place,
  customer_id,
  currency,
  overdue_invoices,
  overdue_amount,
  most_days_overdue
FROM ranked
WHERE place <= 10
ORDER BY tenant_id, place
