-- How late invoices are paid by month of issue: in time, up to 30 days late, later.
SELECT
  issued_month,
  count(*) AS paid_invoices,
  count_if(days_paid_after_due <= 0) AS paid_in_time,
  count_if(days_paid_after_due BETWEEN 1 AND 30) AS paid_within_30_days,
  count_if(days_paid_after_due > 30) AS paid_later,
  CAST(avg(CAST(days_paid_after_due AS decimal(12, 2))) AS decimal(9, 1)) AS average_days_after_due
FROM silver.core_invoice
WHERE status = 'paid'
GROUP BY issued_month
ORDER BY issued_month
