-- Grain: a day, from the year before the first tenant came to ten years after the last. Answers: which week,
-- month, quarter, weekday is a date in?
WITH span AS (
  SELECT
    make_date(year(min(created_at)) - 1, 1, 1) AS first_day,
    make_date(year(max(created_at)) + 10, 12, 31) AS last_day
  FROM silver.core_tenant
),

days AS (
  SELECT explode(sequence(first_day, last_day, INTERVAL 1 DAY)) AS date
  FROM span
)

SELECT
  date,
  year(date) AS year,
  quarter(date) AS quarter_of_year,
  month(date) AS month_of_year,
  day(date) AS day_of_month,
  weekday(date) + 1 AS day_of_week,
  date_format(date, 'EEEE') AS weekday_name,
  date_format(date, 'MMMM') AS month_name,
  extract(YEAROFWEEK FROM date) AS iso_year,
  weekofyear(date) AS iso_week,
  CAST(date_trunc('WEEK', date) AS DATE) AS week,
  CAST(date_trunc('MONTH', date) AS DATE) AS month,
  CAST(date_trunc('QUARTER', date) AS DATE) AS quarter,
  weekday(date) >= 5 AS is_weekend
FROM days
