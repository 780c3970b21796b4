import { join } from "node:path";

import type { SampleSource } from "../../sample-source";
import { generate } from "./generate";
import { activities } from "./workload";

/** The application database of the AutoCorp lake: a chain of car workshops. */
export const sampleSource: SampleSource = {
  schemaFile: join(__dirname, "schema.sql"),
  tables: [
    "auto_parts",
    "customers",
    "service",
    "service_parts",
    "sales_order",
    "sales_order_parts",
    "sales_order_services",
  ],
  generate,
  activities,
};
