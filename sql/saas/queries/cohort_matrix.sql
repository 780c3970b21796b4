-- Retention matrix: the share of each month's new customers that bought again, one to six months later.
WITH cohorts AS (
  SELECT
    cohort_month,
    months_since,
    sum(active_customers) AS active_customers
  FROM gold.retention_cohorts
  GROUP BY cohort_month, months_since
),

sizes AS (
  SELECT
    cohort_month,
    active_customers AS customers
  FROM cohorts
  WHERE months_since = 0
),

rates AS (
  SELECT
    cohorts.cohort_month,
    cohorts.months_since,
    sizes.customers,
    CAST(CAST(cohorts.active_customers AS decimal(18, 4)) / sizes.customers AS decimal(9, 4)) AS rate
  FROM cohorts
  INNER JOIN sizes ON sizes.cohort_month = cohorts.cohort_month
)

SELECT
  cohort_month,
  max(customers) AS customers,
  max(CASE WHEN months_since = 1 THEN rate END) AS month_1,
  max(CASE WHEN months_since = 2 THEN rate END) AS month_2,
  max(CASE WHEN months_since = 3 THEN rate END) AS month_3,
  max(CASE WHEN months_since = 4 THEN rate END) AS month_4,
  max(CASE WHEN months_since = 5 THEN rate END) AS month_5,
  max(CASE WHEN months_since = 6 THEN rate END) AS month_6
FROM rates
GROUP BY cohort_month
ORDER BY cohort_month
