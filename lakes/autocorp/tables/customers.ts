import type { TableDefinition } from "../../../model/definition";
import { complete, unique } from "../../../model/quality-rules";

/** Who comes: customers of the database, and the whole customer file. */
export const customerTables: Record<string, TableDefinition> = {
  customers: {
    description: "A customer, of the database or of the customer file",
    key: ["customer_id"],
    format: "hudi",
    // 1.2 million rows with the file's
    buckets: 24,
    columns: {
      customer_id: "bigint",
      first_name: "varchar(100)",
      last_name: "varchar(100)",
      email: "varchar(254)",
      phone: "varchar(40)",
      street: "varchar(200)",
      city: "varchar(100)",
      state: "varchar(40)",
      postal_code: "varchar(20)",
      marketing_opt_in: "boolean",
      created_at: "timestamptz",
      updated_at: "timestamptz",
    },
    files: {
      folder: "customers",
      // the file is an export of some day, the database is what the workshops work with
      precedence: "database",
    },
    rules: {
      named: { check: "last_name IS NOT NULL", reason: "customer has no last name" },
    },
    quality: [
      unique("customer_id"),
      complete("email", 0.9),
      complete("phone", 0.7),
      complete("state", 0.9),
      'ColumnLength "state" = 2',
    ],
    sensitivity: {
      email: "personal",
      first_name: "personal",
      last_name: "personal",
      phone: "personal",
      street: "personal",
    },
  },
};
