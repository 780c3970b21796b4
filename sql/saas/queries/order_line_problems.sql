-- What is wrong with orders whose lines do not add up, and how far they are off their subtotal.
SELECT
  problem,
  count(*) AS orders,
  CAST(avg(CAST(abs(difference) AS decimal(18, 6)) / nullif(subtotal, 0)) AS decimal(9, 4)) AS average_share_of_subtotal
FROM gold.order_line_check
GROUP BY problem
ORDER BY orders DESC, problem
