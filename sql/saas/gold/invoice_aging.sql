-- Grain: an open invoice. Answers: what is owed, and how long has it been due, as of today?
SELECT
  id AS invoice_id,
  tenant_id,
  customer_id,
  subscription_id,
  invoice_number,
  currency,
  amount_due,
  amount_paid,
  open_amount,
  issued_on,
  due_on,
  greatest(datediff(:today, due_on), 0) AS days_overdue,
  CASE
    WHEN datediff(:today, due_on) <= 0 THEN 'not due'
    WHEN datediff(:today, due_on) <= 30 THEN '1-30 days'
    WHEN datediff(:today, due_on) <= 60 THEN '31-60 days'
    WHEN datediff(:today, due_on) <= 90 THEN '61-90 days'
    ELSE 'over 90 days'
  END AS aging_bucket
FROM silver.core_invoice
WHERE open_amount > 0
