import type { ModelDefinition } from "../../../model/definition";
import { groupsOf, groupsWithOther, monthFrom } from "../../touched";

/** What was sold, and how it grows. */
export const revenueModels: Record<string, ModelDefinition> = {
  revenue_daily: {
    description: "Orders and revenue of a tenant's day, with its average order value",
    grain: ["tenant_id", "order_date"],
    refreshBy: ["order_month", "tenant_id", "order_date"],
    quality: [
      "RowCount > 0",
      'IsComplete "net_revenue"',
      'ColumnValues "net_revenue" >= 0',
      'ColumnValues "orders" > 0',
    ],
  },
  revenue_monthly: {
    description: "Revenue of a tenant's month, with its growth on the month before",
    grain: ["tenant_id", "month"],
    refreshBy: ["tenant_id", "month"],
    touched: {
      // the month after compares with this one
      "gold.revenue_daily": `${groupsOf("tenant_id", `${monthFrom("order_month")} AS month`)}
UNION
${groupsOf("tenant_id", `add_months(${monthFrom("order_month")}, 1) AS month`)}`,
    },
    quality: ["RowCount > 0", 'IsComplete "net_revenue"', 'ColumnValues "net_revenue" >= 0'],
  },
  revenue_quarterly: {
    description: "Revenue of a tenant's quarter, with its growth on the quarter before",
    grain: ["tenant_id", "quarter"],
    refreshBy: ["tenant_id", "quarter"],
    touched: {
      // the quarter after compares with this one
      "gold.revenue_monthly": `${groupsOf("tenant_id", "CAST(date_trunc('QUARTER', month) AS DATE) AS quarter")}
UNION
${groupsOf("tenant_id", "CAST(date_trunc('QUARTER', add_months(month, 3)) AS DATE) AS quarter")}`,
    },
  },
  category_revenue_monthly: {
    description:
      "Units and revenue of a product category in a tenant's month, with share and growth",
    grain: ["tenant_id", "category", "month"],
    // a category changes a product's rows in every month: the tenant is the group that holds them all
    refreshBy: ["tenant_id"],
    touched: { "silver.core_product": groupsWithOther(["category"], "tenant_id, id", "tenant_id") },
    quality: ['IsComplete "category"', 'ColumnValues "units" > 0'],
  },
};
