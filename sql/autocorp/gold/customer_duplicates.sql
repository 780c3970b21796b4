-- Grain: a customer whose e-mail another customer has too. Answers: who is in the books twice?
-- The one that came first is the customer to keep; equal ones in the order of customer ids.
WITH ranked AS (
  SELECT
    customer_id,
    email,
    email_masked,
    state,
    created_at,
    count(*) OVER (PARTITION BY email) AS customers,
    row_number() OVER (PARTITION BY email ORDER BY created_at NULLS LAST, customer_id) AS place,
    first_value(customer_id) OVER (PARTITION BY email ORDER BY created_at NULLS LAST, customer_id) AS kept_customer_id
  FROM silver.customers
  WHERE email IS NOT NULL
)

SELECT
  customer_id,
  email,
  email_masked,
  state,
  customers,
  place,
  kept_customer_id,
  place = 1 AS is_kept
FROM ranked
WHERE customers > 1
