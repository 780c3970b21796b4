-- Customers who are in the books more than once, with the one to keep.
SELECT
  kept_customer_id,
  customer_id,
  email_masked,
  state,
  place,
  customers
FROM gold.customer_duplicates
WHERE NOT is_kept
ORDER BY kept_customer_id, place
