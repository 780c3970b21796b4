import type { TableDefinition } from "../../model/definition";
import { catalogueTables } from "./tables/catalogue";
import { customerTables } from "./tables/customers";
import { orderTables } from "./tables/orders";

/**
 * The source tables of the AutoCorp lake, the largest first, for they are applied in this order;
 * their silver SQL is in sql/autocorp/silver.
 */
export const tables: Record<string, TableDefinition> = {
  ...customerTables,
  ...catalogueTables,
  ...orderTables,
};
