import type { TableDefinition } from "../../../model/definition";

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
      'IsComplete "part_number"',
      'Uniqueness "part_number" > 0.98',
      'Completeness "category" > 0.95',
      'ColumnValues "reorder_level" >= 0',
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
      'IsUnique "service_code"',
      'IsComplete "name"',
      'ColumnValues "category" in ["Body", "Brakes", "Electrical", "Engine", "Inspection", "Maintenance", "Other", "Tires"]',
      'ColumnValues "labor_hours" <= 40',
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
    quality: ['IsComplete "part_id"', 'ColumnValues "quantity" <= 100'],
  },
};
