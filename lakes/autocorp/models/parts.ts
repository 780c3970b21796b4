import type { ModelDefinition } from "../../../model/definition";
import { groupsOf, monthFrom } from "../../touched";

/** What is used, and what must be ordered. */
export const partModels: Record<string, ModelDefinition> = {
  part_consumption_monthly: {
    description: "Use of a part in a month, ranked by units",
    grain: ["part_id", "month"],
    // ranks compare the parts of a month
    refreshBy: ["month"],
    touched: { "gold.fct_order_lines": groupsOf(`${monthFrom("order_month")} AS month`) },
    quality: ['ColumnValues "units" > 0', 'ColumnValues "units_rank" >= 1'],
  },
  part_reorder: {
    description: "Stock of a part against its use of the last 90 days",
    grain: ["part_id"],
    refreshBy: ["part_id"],
    touched: {
      "gold.fct_order_lines": "SELECT DISTINCT part_id FROM changes WHERE part_id IS NOT NULL",
    },
    quality: [
      'IsUnique "part_id"',
      'ColumnValues "suggested_quantity" >= 0',
      'ColumnValues "stock_state" in ["out of stock", "below reorder level", "gone in two weeks", "not used", "in stock"]',
    ],
  },
};
