-- From which plan to which subscribers change, and what it does to their monthly amount.
SELECT
  latter.currency,
  former.plan AS from_plan,
  latter.plan AS to_plan,
  count(*) AS changes,
  sum(latter.monthly_amount - former.monthly_amount) AS monthly_amount_change
FROM silver.core_subscription AS latter
INNER JOIN silver.core_subscription AS former
  ON former.id = latter.previous_subscription_id AND former.tenant_id = latter.tenant_id
GROUP BY latter.currency, former.plan, latter.plan
ORDER BY latter.currency, changes DESC, former.plan, latter.plan
