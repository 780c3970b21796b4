import { sampleSource } from "../../lakes/saas/source";
import type { SampleOptions } from "../../lakes/sample-source";
import { generateRows, groupBy, microsOf, type Row } from "../sample-rows";

const OPTIONS: SampleOptions = {
  scale: "medium",
  months: 24,
  tenants: 8,
  seed: 3,
  until: new Date("2026-11-21T00:00:00Z"),
};
const data = generateRows(sampleSource, OPTIONS);
const table = (name: string): Row[] => data.get(name) as Row[];
const MONTH = 30.44 * 86_400e6;

const orderTimes = table("core_order").map((order) => new Date(microsOf(order.ordered_at) / 1000));

/** How often each value occurs. */
function tally(values: Iterable<number | string>): Map<number | string, number> {
  const counts = new Map<number | string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

describe("demand", () => {
  test("is higher on Saturdays than on Tuesdays", () => {
    const days = tally(orderTimes.map((time) => time.getUTCDay()));
    const ratio = (days.get(6) as number) / (days.get(2) as number);
    expect(ratio).toBeGreaterThan(1.25);
    expect(ratio).toBeLessThan(1.65);
  });

  test("is higher in the evening than at night", () => {
    const hours = tally(orderTimes.map((time) => time.getUTCHours()));
    const ratio = (hours.get(20) as number) / (hours.get(4) as number);
    expect(ratio).toBeGreaterThan(10);
    expect(ratio).toBeLessThan(30);
  });

  test("peaks before Christmas", () => {
    const months = tally(orderTimes.map((time) => time.toISOString().slice(0, 7)));
    expect(months.get("2025-12") as number).toBeGreaterThan(
      1.3 * (months.get("2026-02") as number),
    );
  });

  test("grows with the customers", () => {
    const created = table("core_customer").map((row) => microsOf(row.created_at));
    const middle = OPTIONS.until.getTime() * 1000 - 12 * MONTH;
    const late = created.filter((time) => time >= middle).length;
    expect(late / (created.length - late)).toBeGreaterThan(1.15);
    const orders = orderTimes.filter((time) => time.getTime() * 1000 >= middle).length;
    expect(orders / (orderTimes.length - orders)).toBeGreaterThan(1.5);
  });

  test("concentrates on best sellers", () => {
    const lines = tally(table("core_orderitem").map((item) => `${item.product_id}`));
    const sorted = [...lines.values()].sort((one, other) => other - one);
    const top = sorted.slice(0, 160).reduce((sum, count) => sum + count, 0);
    expect(top / 153_600).toBeGreaterThan(0.5);
    expect(top / 153_600).toBeLessThan(0.85);
  });
});

test("customers come back, fewer every month", () => {
  const customers = new Map(
    table("core_customer").map((row) => [row.id, microsOf(row.created_at)]),
  );
  const horizon = OPTIONS.until.getTime() * 1000 - 7 * MONTH;
  const cohort = [...customers].filter(([, created]) => created < horizon).length;
  const active = Array.from({ length: 7 }, () => new Set<string | null>());
  for (const order of table("core_order")) {
    const created = customers.get(`${order.customer_id}`) as number;
    const month = Math.floor((microsOf(order.ordered_at) - created) / MONTH);
    if (created < horizon && month < 7) active[month]?.add(order.customer_id as string);
  }
  const retention = active.map((ids) => ids.size / cohort);
  expect(retention[0]).toBeGreaterThan(0.6);
  expect(retention[1]).toBeLessThan(0.8 * (retention[0] as number));
  expect(retention[3]).toBeLessThan(retention[1] as number);
  expect(retention[6]).toBeLessThan(retention[3] as number);
  expect(retention[6]).toBeGreaterThan(0.1);
});

describe("sessions", () => {
  const sessions = [...groupBy(table("core_event"), (event) => `${event.session_id}`).values()];
  const has = (type: string) => (events: Row[]) => events.some((one) => one.event_type === type);

  test("narrow from viewing to buying", () => {
    const [views, carts, checkouts, purchases] = [
      "product_view",
      "add_to_cart",
      "checkout_started",
      "purchase",
    ].map((type) => sessions.filter(has(type)).length) as [number, number, number, number];
    expect(views).toBeGreaterThan(1.3 * carts);
    expect(carts).toBeGreaterThan(1.1 * checkouts);
    expect(checkouts).toBeGreaterThan(1.02 * purchases);
    expect(purchases / sessions.length).toBeGreaterThan(0.1);
    expect(purchases / sessions.length).toBeLessThan(0.25);
  });

  test("end with the order that they bought, after its products were put into the cart", () => {
    const orders = new Map(table("core_order").map((order) => [order.id, order]));
    const lines = groupBy(table("core_orderitem"), (item) => `${item.order_id}`);
    const bought = sessions.filter(has("purchase"));
    const whole = bought.filter((events) =>
      events.every((event) => event.metadata?.endsWith("}") && !event.event_type?.includes("v2")),
    );
    expect(whole.length / bought.length).toBeGreaterThan(0.95);
    const wrong = whole.filter((events) => {
      const last = events.at(-1) as Row;
      const details = events.map(
        (event) => JSON.parse(`${event.metadata}`) as { product_id?: number; order_id?: number },
      );
      const order = orders.get(String(details.at(-1)?.order_id));
      const carried = new Set(details.map(({ product_id }) => product_id));
      return !(
        last.event_type === "purchase" &&
        order?.customer_id === last.customer_id &&
        order?.tenant_id === last.tenant_id &&
        order?.metadata?.includes('"channel":"web"') &&
        lines.get(`${order.id}`)?.every((item) => carried.has(Number(item.product_id)))
      );
    });
    expect(wrong).toEqual([]);
  });

  test("of web orders are all there, once each", () => {
    const web = table("core_order").filter((order) => order.metadata?.includes('"web"')).length;
    const purchases = table("core_event").filter((event) => event.page_url?.endsWith("/thanks"));
    expect(purchases).toHaveLength(web);
    expect(new Set(purchases.map((event) => event.page_url?.split("/").at(-2))).size).toBe(web);
  });

  test("leave carts behind", () => {
    const carts = sessions.filter(has("add_to_cart"));
    const abandoned = carts.filter((events) => !has("purchase")(events));
    expect(abandoned.length / carts.length).toBeGreaterThan(0.3);
    expect(abandoned.length / carts.length).toBeLessThan(0.7);
  });
});

test("subscriptions churn, change plan, and leave invoices unpaid or late", () => {
  const statuses = tally(table("core_subscription").map((one) => `${one.status}`));
  expect([...statuses.keys()].sort()).toEqual([
    "active",
    "canceled",
    "past_due",
    "trialing",
    "upgraded",
  ]);
  expect(statuses.get("canceled") as number).toBeGreaterThan(200);
  const invoices = table("core_invoice");
  const states = tally(invoices.map((invoice) => `${invoice.status}`));
  expect([...states.keys()].sort()).toEqual(["draft", "open", "paid", "uncollectible", "void"]);
  const late = invoices.filter((one) => one.paid_at && one.paid_at.slice(0, 10) > `${one.due_on}`);
  expect(late.length / invoices.length).toBeGreaterThan(0.05);
  expect(late.length / invoices.length).toBeLessThan(0.2);
});
