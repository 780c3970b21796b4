-- The newest changes of invoices as replication wrote them: operation, commit time and raw values.
SELECT
  op,
  dms_timestamp,
  dms_change_seq,
  id,
  tenant_id,
  customer_id,
  invoice_number,
  status,
  amount_due,
  amount_paid,
  issued_on,
  due_on,
  paid_at
FROM bronze.core_invoice
ORDER BY dms_timestamp DESC, dms_change_seq DESC, id DESC
LIMIT 20
