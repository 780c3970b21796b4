import type { RowRule, TableDefinition } from "../../../model/definition";
import { complete, freshWithin, oneOf, stop, unique, within } from "../../../model/quality-rules";

const lineRules: Record<string, RowRule> = {
  quantity_positive: { check: "quantity > 0", reason: "quantity is zero or negative" },
  unit_price_not_negative: { check: "unit_price >= 0", reason: "unit price is negative" },
};

/** What was ordered: orders of the database and of the counters' files, and the orders' lines. */
export const orderTables: Record<string, TableDefinition> = {
  sales_order: {
    description: "An order of a customer, of the database or of a counter's file",
    key: ["order_id"],
    format: "hudi",
    partitionBy: ["order_month"],
    columns: {
      order_id: "bigint",
      customer_id: "bigint",
      channel: "varchar(20)",
      status: "varchar(20)",
      vehicle_make: "varchar(60)",
      vehicle_model: "varchar(60)",
      vehicle_year: "integer",
      mileage: "integer",
      payment_method: "varchar(20)",
      discount_amount: "numeric(12,2)",
      tax_amount: "numeric(12,2)",
      total_amount: "numeric(12,2)",
      notes: "text",
      order_date: "date",
      created_at: "timestamptz",
      updated_at: "timestamptz",
    },
    files: {
      folder: "sales_orders",
      // An order in the database goes on there (work begins, somebody pays); its row in a file is as
      // old as the export, and a late file would turn the status back.
      precedence: "database",
    },
    rules: {
      status_known: {
        check: "status IN ('scheduled', 'in_progress', 'completed', 'paid', 'cancelled')",
        reason: "status is none of scheduled, in_progress, completed, paid, cancelled",
      },
      total_positive: { check: "total_amount > 0", reason: "total is zero, negative or missing" },
      dated: {
        check: "order_date BETWEEN DATE '2000-01-01' AND DATE '2100-01-01'",
        reason: "order has no date, or one of another century",
      },
      discount_not_negative: { check: "discount_amount >= 0", reason: "discount is negative" },
    },
    quality: [
      stop(unique("order_id")),
      complete("customer_id", 0.98),
      stop(oneOf("channel", ["workshop", "online", "counter"])),
      within("total_amount", 0, 1_000_000),
      'ReferentialIntegrity "customer_id" "customers.customer_id" > 0.95',
      freshWithin("updated_at", 96),
    ],
  },
  sales_order_parts: {
    description: "Parts of one kind in an order",
    key: ["order_part_id"],
    columns: {
      order_part_id: "bigint",
      order_id: "bigint",
      part_id: "bigint",
      quantity: "integer",
      unit_price: "numeric(12,2)",
      line_total: "numeric(12,2)",
      created_at: "timestamptz",
      updated_at: "timestamptz",
    },
    rules: lineRules,
    quality: [
      unique("order_part_id"),
      'ReferentialIntegrity "order_id" "sales_order.order_id" > 0.95',
      'ReferentialIntegrity "part_id" "auto_parts.part_id" > 0.9',
      within("quantity", 1, 1_000),
    ],
  },
  sales_order_services: {
    description: "A service in an order",
    key: ["order_service_id"],
    columns: {
      order_service_id: "bigint",
      order_id: "bigint",
      service_id: "bigint",
      quantity: "integer",
      unit_price: "numeric(12,2)",
      line_total: "numeric(12,2)",
      created_at: "timestamptz",
      updated_at: "timestamptz",
    },
    rules: lineRules,
    quality: [
      unique("order_service_id"),
      'ReferentialIntegrity "order_id" "sales_order.order_id" > 0.95',
      'ReferentialIntegrity "service_id" "service.service_id" > 0.9',
      within("quantity", 1, 100),
    ],
  },
};
