import type { TableDefinition } from "../../../model/definition";
import {
  complete,
  oneOf,
  references,
  rowCountWithin,
  stop,
  unique,
  within,
} from "../../../model/quality-rules";

const PART_CATEGORIES = [
  "Brakes",
  "Electrical",
  "Engine",
  "Exhaust",
  "Filters",
  "Fluids",
  "Suspension",
  "Tires",
];
const SERVICE_CATEGORIES = [
  "Body",
  "Brakes",
  "Electrical",
  "Engine",
  "Inspection",
  "Maintenance",
  "Tires",
];

/** What the workshops offer and keep in stock: reference data. */
export const catalogueTables: Record<string, TableDefinition> = {
  auto_parts: {
    description: "A spare part, with its price and stock",
    key: ["part_id"],
    columns: {
      part_id: "bigint",
      part_number: "varchar(40)",
      name: "varchar(200)",
      category: "varchar(60)",
      manufacturer: "varchar(120)",
      unit_cost: "numeric(12,2)",
      unit_price: "numeric(12,2)",
      stock_quantity: "integer",
      reorder_level: "integer",
      is_active: "boolean",
      created_at: "timestamptz",
      updated_at: "timestamptz",
    },
    rules: {
      price_positive: { check: "unit_price > 0", reason: "price is zero or negative" },
      cost_not_negative: { check: "unit_cost >= 0", reason: "cost is negative" },
      stock_not_negative: { check: "stock_quantity >= 0", reason: "stock is negative" },
    },
    quality: [
      stop(complete("part_number")),
      'Uniqueness "part_number" > 0.95',
      oneOf("category", [...PART_CATEGORIES, "Other"]),
      'ColumnValues "reorder_level" >= 0',
      rowCountWithin(0.5, 2),
    ],
  },
  service: {
    description: "A service that the workshops offer",
    key: ["service_id"],
    columns: {
      service_id: "bigint",
      service_code: "varchar(20)",
      name: "varchar(200)",
      category: "varchar(60)",
      labor_hours: "numeric(6,2)",
      labor_cost: "numeric(12,2)",
      price: "numeric(12,2)",
      is_active: "boolean",
      created_at: "timestamptz",
      updated_at: "timestamptz",
    },
    rules: {
      price_positive: { check: "price > 0", reason: "price is zero or negative" },
      labor_not_negative: {
        check: "labor_hours >= 0 AND labor_cost >= 0",
        reason: "hours or cost of labor are negative",
      },
    },
    quality: [
      stop(unique("service_code")),
      complete("name"),
      oneOf("category", [...SERVICE_CATEGORIES, "Other"]),
      within("labor_hours", 0, 40),
      rowCountWithin(0.5, 2),
    ],
  },
  service_parts: {
    description: "A part that a service needs, and how many of it",
    key: ["service_id", "part_id"],
    columns: {
      service_id: "bigint",
      part_id: "bigint",
      quantity: "integer",
      created_at: "timestamptz",
      updated_at: "timestamptz",
    },
    rules: {
      quantity_positive: { check: "quantity > 0", reason: "quantity is zero or negative" },
    },
    quality: [
      references("service_id", "service", "service_id"),
      'ReferentialIntegrity "part_id" "auto_parts.part_id" > 0.95',
      within("quantity", 1, 100),
    ],
  },
};
