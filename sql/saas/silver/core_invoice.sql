-- One row per invoice: open balance and payment delay derived; aging against today is a gold model.
SELECT
  id,
  tenant_id,
  customer_id,
  subscription_id,
  invoice_number,
  lower(trim(status)) AS status,
  upper(currency) AS currency,
  amount_due,
  amount_paid,
  CASE
    WHEN lower(trim(status)) = 'open' THEN CAST(amount_due - amount_paid AS DECIMAL(12, 2))
    ELSE CAST(0 AS DECIMAL(12, 2))
  END AS open_amount,
  issued_on,
  date_format(issued_on, 'yyyy-MM') AS issued_month,
  due_on,
  paid_at,
  datediff(CAST(paid_at AS DATE), due_on) AS days_paid_after_due,
  created_at,
  updated_at
FROM core_invoice
