import { activity } from "../../../sample-changes";
import { type Flaw, flawActivities } from "../../../sample-flaws";
import type { Activity } from "../../../sample-source";

const FLAWS: readonly Flaw[] = [
  {
    table: "core_product",
    sound: "t.price > 0",
    spoil: "price = -price",
    spoilt: "t.price < 0",
    mend: "price = -price",
  },
  {
    table: "core_product",
    sound: "t.category <> ''",
    spoil: "category = ''",
    spoilt: "t.category = ''",
    mend: "category = 'Grocery'",
  },
  {
    table: "core_order",
    sound: "t.total_amount > 0",
    spoil: "total_amount = total_amount + 0.01",
    spoilt: "t.total_amount <> t.subtotal - t.discount_amount + t.tax_amount + t.shipping_amount",
    mend: "total_amount = subtotal - discount_amount + tax_amount + shipping_amount",
  },
  {
    table: "core_orderitem",
    sound: "t.quantity > 0",
    spoil: "quantity = -quantity",
    spoilt: "t.quantity < 0",
    mend: "quantity = -quantity",
  },
  {
    table: "core_invoice",
    sound: "t.status = 'paid' AND t.paid_at IS NOT NULL",
    spoil: "paid_at = NULL",
    spoilt: "t.status = 'paid' AND t.paid_at IS NULL",
    mend: "paid_at = updated_at",
  },
  {
    table: "core_customer",
    sound: "t.email LIKE '%@%'",
    spoil: "email = replace(email, '@', '.at.')",
    spoilt: "t.email LIKE '%.at.%'",
    mend: "email = replace(email, '.at.', '@')",
  },
];

/** Rows that the lake must keep apart, and that are right again later. */
export const flaws: readonly Activity[] = [
  ...flawActivities(FLAWS),
  activity("record_broken_event", 0.5, async (changes) => {
    const { random, now } = changes.context;
    const visitor = await changes.pick("core_customer", "t.id::text, t.tenant_id::text");
    if (!visitor) return;
    const metadata = random.pick(['{"product_id":12,"durat', "", "null", "not json"]);
    await changes.run(
      `INSERT INTO core_event (tenant_id, customer_id, session_id, event_type, metadata, occurred_at, created_at)
       VALUES ($1, $2, $3, 'page_view', $4, $5, $5)`,
      [visitor.tenant_id, visitor.id, random.uuid(), metadata, now()],
    );
  }),
];
