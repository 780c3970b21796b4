import { cents, type Changes, type Row } from "../../../sample-changes";
import type { Activity } from "../../../sample-source";
import { centsText } from "../../../sample-text";
import { PAYMENTS, VEHICLES } from "../order-rows";
import { workshopActivity } from "./workshop-activity";

/** An order of a fleet has more than fifty lines. */
const FLEET_PARTS = 55;

/** What customers order, and what becomes of it. */
export const orders: readonly Activity[] = [
  workshopActivity("place_order", 14, (changes) =>
    placeOrder(changes, changes.context.random.int(0, 5), changes.context.random.int(0, 2)),
  ),
  workshopActivity("place_fleet_order", 1, (changes) => placeOrder(changes, FLEET_PARTS, 3)),
  workshopActivity("advance_order", 20, async (changes) => {
    const order = await changes.pickRecent(
      "sales_order",
      "t.order_id::text, t.status",
      "t.status IN ('scheduled', 'in_progress', 'completed')",
    );
    const next = { scheduled: "in_progress", in_progress: "completed", completed: "paid" };
    const status = next[order?.status as keyof typeof next];
    if (!order || !status) return;
    const payment = status === "paid" ? changes.context.random.pick(PAYMENTS) : null;
    await changes.run(
      "UPDATE sales_order SET status = $2, payment_method = $3, updated_at = $4 WHERE order_id = $1",
      [order.order_id, status, payment, changes.context.now()],
    );
  }),
  workshopActivity("cancel_order", 3, async (changes) => {
    const order = await changes.pickRecent(
      "sales_order",
      "t.order_id::text",
      "t.status IN ('scheduled', 'in_progress')",
    );
    if (!order) return;
    await changes.run(
      "UPDATE sales_order SET status = 'cancelled', updated_at = $2 WHERE order_id = $1",
      [order.order_id, changes.context.now()],
    );
    await changes.run(
      `UPDATE auto_parts p SET stock_quantity = p.stock_quantity + l.quantity, updated_at = $2
       FROM (SELECT part_id, sum(quantity)::int AS quantity FROM sales_order_parts
             WHERE order_id = $1 AND quantity > 0 GROUP BY part_id) l
       WHERE p.part_id = l.part_id AND p.stock_quantity < 1000000`,
      [order.order_id, changes.context.now()],
    );
  }),
  workshopActivity("delete_order", 2, async (changes) => {
    const order = await changes.pick("sales_order", "t.order_id::text");
    if (!order) return;
    const [lines] = await changes.read(
      `SELECT ((SELECT count(*) FROM sales_order_parts WHERE order_id = $1)
             + (SELECT count(*) FROM sales_order_services WHERE order_id = $1))::text AS count`,
      [order.order_id],
    );
    await changes.run("DELETE FROM sales_order WHERE order_id = $1", [order.order_id]);
    changes.cascaded(Number(lines?.count));
  }),
];

/** An order with its lines; the parts leave the shelf. Nothing where there is nothing to sell. */
async function placeOrder(changes: Changes, parts: number, services: number): Promise<void> {
  const customer = await changes.pick("customers", "t.customer_id::text");
  if (!customer) return;
  const partLines = await choose(changes, "auto_parts", "part_id", "unit_price", parts);
  const serviceLines = await choose(changes, "service", "service_id", "price", services);
  const lines = [...partLines, ...serviceLines];
  if (lines.length === 0) return;
  const amount = lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  const orderId = await insertOrder(changes, customer, amount);
  for (const line of partLines) {
    await insertLine(changes, orderId, "part", line);
    await changes.run(
      "UPDATE auto_parts SET stock_quantity = stock_quantity - $2, updated_at = $3 WHERE part_id = $1 AND stock_quantity >= $2",
      [line.item, line.quantity, changes.context.now()],
    );
  }
  for (const line of serviceLines) await insertLine(changes, orderId, "service", line);
}

interface Line {
  readonly item: string;
  readonly price: number;
  readonly quantity: number;
}

/** So many items of the catalogue, the same perhaps twice. */
async function choose(
  changes: Changes,
  table: string,
  key: string,
  price: string,
  count: number,
): Promise<readonly Line[]> {
  const { random } = changes.context;
  const items = await changes.read(
    `SELECT ${key}::text AS item, ${price}::text AS price FROM ${table}
     WHERE is_active AND ${price} > 0 ORDER BY ${key} LIMIT 500`,
  );
  if (items.length === 0) return [];
  return Array.from({ length: count }, () => {
    const chosen = random.pick(items);
    return { item: chosen.item ?? "", price: cents(chosen.price), quantity: random.int(1, 3) };
  });
}

async function insertOrder(changes: Changes, customer: Row, amount: number): Promise<string> {
  const { random, now } = changes.context;
  const discount = random.chance(0.15) ? Math.round(amount / 10) : 0;
  const tax = Math.round((amount - discount) * 0.0825);
  const make = random.pick(Object.keys(VEHICLES));
  const createdAt = now();
  const [order] = await changes.run(
    `INSERT INTO sales_order (customer_id, channel, status, vehicle_make, vehicle_model, vehicle_year,
       mileage, discount_amount, tax_amount, total_amount, notes, order_date, created_at, updated_at)
     VALUES ($1, $2, 'scheduled', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
     RETURNING order_id::text`,
    [
      customer.customer_id,
      random.pick(["workshop", "online"]),
      make,
      random.pick(VEHICLES[make] as readonly string[]),
      random.int(1998, 2026),
      random.int(10, 200_000),
      centsText(discount),
      centsText(tax),
      centsText(amount - discount + tax),
      random.pick([null, "", 'Türgeräusch – «quietscht», says "it squeaks" \\ again']),
      createdAt.slice(0, 10),
      createdAt,
    ],
  );
  return order?.order_id ?? "";
}

async function insertLine(
  changes: Changes,
  orderId: string,
  kind: "part" | "service",
  { item, price, quantity }: Line,
): Promise<void> {
  await changes.run(
    `INSERT INTO sales_order_${kind}s (order_id, ${kind}_id, quantity, unit_price, line_total,
       created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
    [orderId, item, quantity, centsText(price), centsText(price * quantity), changes.context.now()],
  );
}
