import type { ModelDefinition } from "../../../model/definition";
import { groupsOf } from "../../touched";

/** A small dimensional model for BI tools: join order lines to the dimensions by their ids and date. */
export const dimensionalModels: Record<string, ModelDefinition> = {
  dim_date: {
    description: "A day, with the week, month, quarter and weekday it is in",
    grain: ["date"],
    refreshBy: "rebuild",
    tenantColumn: null,
    quality: ['IsUnique "date"', 'IsComplete "week"'],
  },
  dim_tenant: {
    description: "A tenant",
    grain: ["tenant_id"],
    refreshBy: "rebuild",
    quality: ['IsUnique "tenant_id"', 'IsComplete "name"'],
  },
  dim_customer: {
    description: "A customer, without personal values",
    grain: ["customer_id"],
    refreshBy: ["customer_id"],
    touched: { "silver.core_customer": groupsOf("id AS customer_id") },
    quality: ['IsUnique "customer_id"', 'IsComplete "segment"'],
  },
  dim_product: {
    description: "A product as it is now",
    grain: ["product_id"],
    refreshBy: ["product_id"],
    touched: { "silver.core_product": groupsOf("id AS product_id") },
    quality: ['IsUnique "product_id"', 'IsComplete "category"', 'ColumnValues "price" > 0'],
  },
  fct_order_lines: {
    description: "An order line with what its order says of it",
    grain: ["order_item_id"],
    refreshBy: ["order_month", "order_id"],
    touched: {
      "silver.core_order": groupsOf("order_month", "id AS order_id"),
      // an order that changed too names its own groups, the old one included
      "silver.core_orderitem": `SELECT DISTINCT orders.order_month, orders.id AS order_id
FROM changes
INNER JOIN silver.core_order AS orders ON orders.id = changes.order_id`,
    },
    partitionBy: ["order_month"],
    quality: ['IsUnique "order_item_id"', 'ColumnValues "quantity" > 0', 'IsComplete "product_id"'],
  },
};
