import { activity, type Changes } from "../../../sample-changes";
import type { Activity } from "../../../sample-source";

const KEYS: Readonly<Record<string, string>> = {
  auto_parts: "part_id",
  customers: "customer_id",
  service: "service_id",
  sales_order: "order_id",
  sales_order_parts: "order_part_id",
  sales_order_services: "order_service_id",
};

/** The column that numbers the rows of a table. */
export function keyOf(table: string): string {
  const key = KEYS[table];
  if (!key) throw new RangeError(`${table} has no column that numbers its rows`);
  return key;
}

/** An activity on the workshops' tables. */
export function workshopActivity(
  kind: string,
  weight: number,
  act: (changes: Changes) => Promise<void>,
): Activity {
  return activity(kind, weight, act, keyOf);
}
