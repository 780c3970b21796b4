import type { ReportSection } from "../../report";

/** What several rows together say is wrong. */
export const checks: ReportSection = {
  id: "checks",
  title: "What contradicts itself",
  sentence: "Rows that are well by themselves, and do not fit those beside them.",
  figures: [
    {
      kind: "table",
      title: "Kinds",
      width: "half",
      sql: `SELECT concat('Order: ', problem) AS problem, count(*) AS found, sum(abs(difference)) AS amount
FROM gold.order_total_check
GROUP BY problem
UNION ALL
SELECT concat('Line: ', CASE WHEN is_order_unknown THEN 'order' ELSE line_kind END, ' unknown') AS problem,
  count(*) AS found, sum(line_total) AS amount
FROM gold.order_line_problems
GROUP BY CASE WHEN is_order_unknown THEN 'order' ELSE line_kind END
UNION ALL
SELECT 'Customer: e-mail shared with another' AS problem, count(*) AS found, NULL AS amount
FROM gold.customer_duplicates
WHERE NOT is_kept
HAVING count(*) > 0
ORDER BY found DESC, problem`,
      columns: [
        { column: "problem", title: "Problem", format: "text" },
        { column: "found", title: "Found", format: "count", bar: true },
        { column: "amount", title: "Amount", format: "money" },
      ],
      empty: "Nothing contradicts itself.",
    },
    {
      kind: "table",
      title: "Orders that do not add up",
      width: "half",
      sql: `SELECT order_id, problem, total_amount, expected_total, difference
FROM gold.order_total_check
ORDER BY abs(difference) DESC, order_id
LIMIT 50`,
      columns: [
        { column: "order_id", title: "Order", format: "text" },
        { column: "problem", title: "Problem", format: "text" },
        { column: "total_amount", title: "Total", format: "money" },
        { column: "expected_total", title: "By its lines", format: "money" },
        { column: "difference", title: "Difference", format: "money" },
      ],
      shown: 8,
      empty: "Every order is the sum of its lines.",
    },
  ],
};
