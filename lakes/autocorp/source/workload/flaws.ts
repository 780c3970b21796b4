import { type Flaw, flawActivities } from "../../../sample-flaws";
import type { Activity } from "../../../sample-source";
import { keyOf } from "./workshop-activity";

/** Part numbers that the catalogue never had, while the flaw lasts. */
const UNKNOWN = 800_000_000;

const FLAWS: readonly Flaw[] = [
  {
    table: "auto_parts",
    sound: "t.unit_price > 0",
    spoil: "unit_price = -unit_price",
    spoilt: "t.unit_price < 0",
    mend: "unit_price = -unit_price",
  },
  {
    table: "sales_order",
    sound: "t.total_amount > 0",
    spoil: "total_amount = total_amount + 0.01",
    spoilt: "t.total_amount > 0",
    mend: "total_amount = total_amount - 0.01",
  },
  {
    table: "sales_order",
    sound: "t.status = 'paid'",
    spoil: "status = 'lost'",
    spoilt: "t.status = 'lost'",
    mend: "status = 'paid'",
  },
  {
    table: "sales_order_parts",
    sound: `t.part_id < ${UNKNOWN}`,
    spoil: `part_id = part_id + ${UNKNOWN}`,
    spoilt: `t.part_id > ${UNKNOWN}`,
    mend: `part_id = part_id - ${UNKNOWN}`,
  },
  {
    table: "sales_order_services",
    sound: "t.quantity > 0",
    spoil: "quantity = -quantity",
    spoilt: "t.quantity < 0",
    mend: "quantity = -quantity",
  },
  {
    table: "customers",
    sound: "t.email LIKE '%@%'",
    spoil: "email = replace(email, '@', ' at ')",
    spoilt: "t.email LIKE '% at %'",
    mend: "email = replace(email, ' at ', '@')",
  },
];

/** Rows that the lake must keep apart, and that are right again later. */
export const flaws: readonly Activity[] = flawActivities(FLAWS, keyOf);
