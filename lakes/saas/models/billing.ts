import type { ModelDefinition } from "../../../model/definition";
import { groupsOf } from "../../touched";

/** What is owed, and which records contradict each other. */
export const billingModels: Record<string, ModelDefinition> = {
  invoice_aging: {
    description: "An open invoice, with the days it is overdue and their bucket",
    grain: ["invoice_id"],
    refreshBy: ["invoice_id"],
    touched: { "silver.core_invoice": groupsOf("id AS invoice_id") },
    quality: [
      'IsUnique "invoice_id"',
      'ColumnValues "open_amount" > 0',
      'ColumnValues "days_overdue" >= 0',
    ],
  },
  order_line_check: {
    description: "An order whose lines do not add up to its subtotal",
    grain: ["order_id"],
    refreshBy: ["order_month", "order_id"],
    touched: { "silver.core_order": groupsOf("order_month", "id AS order_id") },
    quality: ['IsUnique "order_id"'],
  },
};
