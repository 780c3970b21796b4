import type { ModelDefinition } from "../../../model/definition";
import { groupsOf, groupsWithOther, monthFrom } from "../../touched";

/** What sells, what it earns, and what lies in stock. */
export const productModels: Record<string, ModelDefinition> = {
  product_sales_monthly: {
    description: "Sales of a product in a tenant's month, ranked by revenue and by units",
    grain: ["tenant_id", "product_id", "month"],
    // ranks compare the products of a tenant's month
    refreshBy: ["tenant_id", "month"],
    touched: {
      "gold.fct_order_lines": groupsOf("tenant_id", `${monthFrom("order_month")} AS month`),
    },
    quality: ['ColumnValues "units" > 0', 'ColumnValues "revenue_rank" >= 1'],
  },
  product_profitability: {
    description: "Revenue, cost of goods and profit of a product that was ever sold",
    grain: ["tenant_id", "product_id"],
    refreshBy: ["tenant_id", "product_id"],
    touched: {
      "silver.core_product": groupsWithOther(
        ["category", "cost"],
        "tenant_id, id",
        "tenant_id",
        "id AS product_id",
      ),
    },
    quality: ['IsComplete "net_revenue"'],
  },
  inventory_turnover: {
    description: "Stock of a product against its sales of the last 90 days",
    grain: ["product_id"],
    refreshBy: ["tenant_id", "product_id"],
    touched: { "silver.core_product": groupsOf("tenant_id", "id AS product_id") },
    quality: ['IsUnique "product_id"', 'ColumnValues "units_sold_90_days" >= 0'],
  },
};
