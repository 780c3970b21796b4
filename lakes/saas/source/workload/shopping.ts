import { activity, cents, Changes, Row } from "../../../sample-changes";
import type { Activity } from "../../../sample-source";
import { centsText } from "../../../sample-text";
import { DEVICES, REFERRERS } from "../event-rows";
import { orderNumber } from "../order-rows";

/** The largest integer of 32 bits, which some products have in stock. */
export const MOST_STOCK = 2_147_483_647;
const BUYER = "t.id::text, t.tenant_id::text";

interface Line {
  readonly product: string;
  readonly price: string;
  readonly quantity: number;
}

/** What visitors of the shop do: look around, order, and sometimes change their mind. */
export const shopping: readonly Activity[] = [
  activity("place_order", 12, async (changes) => {
    const buyer = await changes.pick("core_customer", BUYER);
    if (!buyer) return;
    const lines = await chooseLines(changes, buyer);
    if (lines.length === 0) return;
    const order = await insertOrder(changes, buyer, lines);
    for (const line of lines) await insertLine(changes, buyer, order.id, line);
    await recordPurchase(changes, buyer, order, lines);
  }),
  activity("browse", 6, async (changes) => {
    const visitor = await changes.pick("core_customer", BUYER);
    if (!visitor) return;
    const lines = await chooseLines(changes, visitor);
    const isKnown = changes.context.random.chance(0.7);
    const record = recorder(changes, isKnown ? visitor : { ...visitor, id: null });
    await record("page_view", "/", { duration_ms: changes.context.random.int(300, 60_000) });
    for (const { product, price } of lines) {
      await record("product_view", `/products/${product}`, { product_id: Number(product) });
      if (changes.context.random.chance(0.7)) continue;
      const details = { product_id: Number(product), value: price };
      await record("add_to_cart", `/products/${product}`, details);
    }
  }),
  activity("advance_order", 20, async (changes) => {
    const order = await changes.pickRecent(
      "core_order",
      "t.id::text, t.status::text",
      "t.status IN ('pending', 'paid', 'shipped')",
    );
    const next = { pending: "paid", paid: "shipped", shipped: "delivered" }[order?.status ?? ""];
    if (!order || !next) return;
    await setStatus(changes, order, next);
  }),
  activity("cancel_order", 3, async (changes) => {
    const order = await changes.pickRecent(
      "core_order",
      "t.id::text",
      "t.status IN ('pending', 'paid')",
    );
    if (!order) return;
    await setStatus(changes, order, "cancelled");
    await returnStock(changes, order);
  }),
  activity("refund_order", 2, async (changes) => {
    const order = await changes.pick("core_order", "t.id::text", "t.status = 'delivered'");
    if (order) await setStatus(changes, order, "refunded");
  }),
  activity("delete_order", 2, async (changes) => {
    const order = await changes.pick("core_order", "t.id::text");
    if (!order) return;
    const items = await changes.read(
      "SELECT count(*)::text AS count FROM core_orderitem WHERE order_id = $1",
      [order.id],
    );
    await changes.run("DELETE FROM core_order WHERE id = $1", [order.id]);
    changes.cascaded(Number(items[0]?.count));
  }),
];

/** Up to five different products of the buyer's tenant that are in stock. */
async function chooseLines(changes: Changes, buyer: Row): Promise<readonly Line[]> {
  const { random } = changes.context;
  const products = await changes.read(
    `SELECT id::text, price::text FROM core_product
     WHERE tenant_id = $1 AND is_active AND stock_quantity >= 3 AND price > 0 ORDER BY id`,
    [buyer.tenant_id],
  );
  const positions = random.shuffle(products.map((_, position) => position));
  return positions.slice(0, random.int(1, 5)).map((position) => {
    const product = products[position] as Row;
    return { product: product.id ?? "", price: product.price ?? "", quantity: random.int(1, 3) };
  });
}

/** An order as its buyer's browser tells of it. */
interface Placed {
  readonly id: string;
  /** Amount with tax and shipping, as text with two decimals. */
  readonly total: string;
}

async function insertOrder(changes: Changes, buyer: Row, lines: readonly Line[]): Promise<Placed> {
  const { random } = changes.context;
  const subtotal = lines.reduce((sum, { price, quantity }) => sum + cents(price) * quantity, 0);
  const discount = random.chance(0.15) ? Math.round(subtotal / 10) : 0;
  const tax = Math.round((subtotal - discount) * 0.19);
  const shipping = subtotal >= 10_000 ? 0 : 490;
  const [next] = await changes.read(
    "SELECT nextval(pg_get_serial_sequence('core_order', 'id'))::text AS id",
  );
  const placed = {
    id: next?.id ?? "",
    total: centsText(subtotal - discount + tax + shipping),
  };
  await changes.run(
    `INSERT INTO core_order (id, tenant_id, customer_id, order_number, status, currency, subtotal,
       discount_amount, tax_amount, shipping_amount, total_amount, coupon_code, metadata,
       ordered_at, created_at, updated_at)
     SELECT $12, t.id, $2, $3, 'pending', coalesce(t.settings->>'currency', 'USD'), $4, $5, $6, $7,
       $8, $9, $10, $11, $11, $11
     FROM core_tenant t WHERE t.id = $1`,
    [
      buyer.tenant_id,
      buyer.id,
      orderNumber(buyer.tenant_id ?? "", placed.id),
      centsText(subtotal),
      centsText(discount),
      centsText(tax),
      centsText(shipping),
      placed.total,
      discount > 0 ? random.pick(["WELCOME10", "", "LOYAL20"]) : null,
      JSON.stringify({ channel: "web" }),
      changes.context.now(),
      placed.id,
    ],
  );
  return placed;
}

async function insertLine(changes: Changes, buyer: Row, order: string, line: Line): Promise<void> {
  const now = changes.context.now();
  const total = centsText(cents(line.price) * line.quantity);
  await changes.run(
    `INSERT INTO core_orderitem (tenant_id, order_id, product_id, quantity, unit_price, line_total,
       created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
    [buyer.tenant_id, order, line.product, line.quantity, line.price, total, now],
  );
  await changes.run(
    "UPDATE core_product SET stock_quantity = stock_quantity - $2, updated_at = $3 WHERE id = $1 AND stock_quantity >= $2",
    [line.product, line.quantity, now],
  );
}

async function recordPurchase(
  changes: Changes,
  buyer: Row,
  order: Placed,
  lines: readonly Line[],
): Promise<void> {
  const record = recorder(changes, buyer);
  for (const { product, price } of lines) {
    const page = `/products/${product}`;
    await record("product_view", page, { product_id: Number(product), duration_ms: 1_500 });
    await record("add_to_cart", page, { product_id: Number(product), value: price });
  }
  await record("checkout_started", "/checkout", {});
  const purchase = { order_id: Number(order.id), value: order.total };
  await record("purchase", `/orders/${order.id}/thanks`, purchase);
}

/** Writes the events of one visit, each a moment after the one before. */
function recorder(changes: Changes, visitor: Row) {
  const { random } = changes.context;
  const session = random.uuid();
  const device = random.pick(DEVICES);
  let referrer: string | null = random.pick(REFERRERS);
  return async (type: string, page: string, details: object): Promise<void> => {
    const now = changes.context.now();
    await changes.run(
      `INSERT INTO core_event (tenant_id, customer_id, session_id, event_type, page_url, referrer,
         device, metadata, occurred_at, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
      [
        visitor.tenant_id,
        visitor.id,
        session,
        type,
        `https://shop.example.com${page}`,
        referrer,
        device,
        JSON.stringify(details),
        now,
      ],
    );
    referrer = null;
  };
}

async function setStatus(changes: Changes, order: Row, status: string): Promise<void> {
  await changes.run("UPDATE core_order SET status = $2, updated_at = $3 WHERE id = $1", [
    order.id,
    status,
    changes.context.now(),
  ]);
}

async function returnStock(changes: Changes, order: Row): Promise<void> {
  await changes.run(
    `UPDATE core_product p SET updated_at = $2,
       stock_quantity = least(p.stock_quantity + i.quantity, ${MOST_STOCK})
     FROM (SELECT product_id, sum(quantity) AS quantity FROM core_orderitem
           WHERE order_id = $1 AND quantity > 0 GROUP BY product_id) i
     WHERE p.id = i.product_id`,
    [order.id, changes.context.now()],
  );
}
