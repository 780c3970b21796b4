import { defineLake } from "../../model/define-lake";
import { models } from "./models";
import { tables } from "./tables";

/**
 * A chain of car workshops: one database of seven tables, and files of customers and of orders. What
 * changes often is in Hudi, reference data and lines in Delta.
 */
export default defineLake({
  name: "autocorp",
  description: "Orders, services, parts and customers of a chain of car workshops",
  source: { engine: "postgres", database: "autocorp" },
  format: "delta",
  tenancy: null,
  freshnessMinutes: { silver: 15, gold: 15 },
  historyDays: 14,
  zones: {
    database: "raw/database",
    files: "raw/csv",
    silver: "curated/{format}",
    gold: "analytics/{format}",
  },
  tables,
  models,
});
