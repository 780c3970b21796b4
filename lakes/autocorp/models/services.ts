import type { ModelDefinition } from "../../../model/definition";
import { groupsOf, groupsWithOther, monthFrom } from "../../touched";

/** What the workshops do, and what it earns. */
export const serviceModels: Record<string, ModelDefinition> = {
  service_sales_monthly: {
    description: "Sales of a service in a month, ranked by revenue and by times",
    grain: ["service_id", "month"],
    // ranks and shares compare the services of a month
    refreshBy: ["month"],
    touched: { "gold.fct_order_lines": groupsOf(`${monthFrom("order_month")} AS month`) },
    quality: ['ColumnValues "times_sold" > 0', 'ColumnValues "revenue_rank" >= 1'],
  },
  service_profitability: {
    description: "Revenue and margin of a service, by its labor and by the parts sold with it",
    grain: ["service_id"],
    refreshBy: ["service_id"],
    touched: {
      // a part counts for every service of its order
      "gold.fct_order_lines": `SELECT DISTINCT service_id FROM changes WHERE line_kind = 'service'
UNION
SELECT DISTINCT lines.service_id
FROM changes
INNER JOIN gold.fct_order_lines AS lines ON lines.order_id = changes.order_id
WHERE changes.line_kind = 'part' AND lines.line_kind = 'service'`,
      "silver.service": groupsWithOther(["category", "labor_cost"], "service_id", "service_id"),
      "silver.service_parts": groupsOf("service_id"),
      "silver.auto_parts": `SELECT DISTINCT need.service_id
FROM (${groupsWithOther(["unit_cost"], "part_id", "part_id")}) AS changed
INNER JOIN silver.service_parts AS need ON need.part_id = changed.part_id`,
    },
    quality: ['IsUnique "service_id"', 'ColumnValues "times_sold" > 0'],
  },
};
