-- Grain: a customer. Answers: who is it, without naming the person?
SELECT
  id AS customer_id,
  tenant_id,
  email_masked,
  company,
  city,
  country,
  segment,
  marketing_opt_in,
  acquisition_source,
  utm_campaign,
  CAST(created_at AS DATE) AS created_date,
  CAST(date_trunc('MONTH', created_at) AS DATE) AS created_month
FROM silver.core_customer
