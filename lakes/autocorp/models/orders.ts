import type { ModelDefinition } from "../../../model/definition";
import { groupsOf, groupsThatCameOrWent, monthFrom } from "../../touched";

/** What was ordered and earned, and which orders contradict themselves. */
export const orderModels: Record<string, ModelDefinition> = {
  fct_order_lines: {
    description: "A line of an order, a part or a service, with what its order says of it",
    grain: ["line_kind", "line_id"],
    refreshBy: ["order_month", "order_id"],
    touched: {
      "silver.sales_order": groupsOf("order_month", "order_id"),
      // an order that changed too names its own groups, the old one included
      "silver.sales_order_parts": ordersOfLines(),
      "silver.sales_order_services": ordersOfLines(),
    },
    partitionBy: ["order_month"],
    quality: ['IsComplete "order_id"', 'ColumnValues "quantity" > 0'],
  },
  order_total_check: {
    description: "An order whose total is not what its lines, discount and tax give",
    grain: ["order_id"],
    refreshBy: ["order_month", "order_id"],
    quality: ['IsUnique "order_id"', 'IsComplete "problem"'],
  },
  order_line_problems: {
    description: "A line of an order, part or service that nobody knows",
    grain: ["line_kind", "line_id"],
    refreshBy: ["line_kind", "line_id"],
    touched: {
      "silver.sales_order_parts": groupsOf("'part' AS line_kind", "order_part_id AS line_id"),
      "silver.sales_order_services": groupsOf(
        "'service' AS line_kind",
        "order_service_id AS line_id",
      ),
      "silver.auto_parts": linesOf("part", "part_id"),
      "silver.service": linesOf("service", "service_id"),
      "silver.sales_order": `${linesOf("part", "order_id")}
UNION
${linesOf("service", "order_id")}`,
    },
    quality: ['IsComplete "line_id"'],
  },
  revenue_monthly: {
    description: "Orders and revenue of a month, with its growth on the month before",
    grain: ["month"],
    refreshBy: ["month"],
    touched: {
      // the month after compares with this one
      "silver.sales_order": `${groupsOf(`${monthFrom("order_month")} AS month`)}
UNION
${groupsOf(`add_months(${monthFrom("order_month")}, 1) AS month`)}`,
    },
    quality: [
      "RowCount > 0",
      'IsUnique "month"',
      'ColumnValues "orders" > 0',
      'ColumnValues "net_revenue" >= 0',
    ],
  },
};

/** The orders of changed lines. */
function ordersOfLines(): string {
  return `SELECT DISTINCT orders.order_month, orders.order_id
FROM changes
INNER JOIN silver.sales_order AS orders ON orders.order_id = changes.order_id`;
}

/** The lines of a kind that name, by this column, a row that came or went. */
function linesOf(kind: "part" | "service", column: string): string {
  return `SELECT DISTINCT '${kind}' AS line_kind, line.order_${kind}_id AS line_id
FROM (${groupsThatCameOrWent(column, column)}) AS gone
INNER JOIN silver.sales_order_${kind}s AS line ON line.${column} = gone.${column}`;
}
