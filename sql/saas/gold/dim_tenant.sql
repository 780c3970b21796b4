-- Grain: a tenant. Answers: who is it?
SELECT
  id AS tenant_id,
  name,
  slug,
  domain,
  is_domain_valid,
  plan,
  is_active,
  timezone,
  locale,
  currency,
  seat_limit,
  CAST(created_at AS DATE) AS created_date
FROM silver.core_tenant
