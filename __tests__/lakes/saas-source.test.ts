import { sampleSource } from "../../lakes/saas/source";
import type { SampleOptions } from "../../lakes/sample-source";
import { centsOf, generateRows, groupBy, hashOf, microsOf, type Row } from "../sample-rows";

const MEDIUM: SampleOptions = {
  scale: "medium",
  months: 6,
  tenants: 8,
  seed: 1,
  until: new Date("2026-11-21T00:00:00Z"),
};
const SMALL: SampleOptions = { ...MEDIUM, scale: "small" };

const data = generateRows(sampleSource, MEDIUM);
const table = (name: string): Row[] => data.get(name) as Row[];
const byId = (name: string) => new Map(table(name).map((row) => [row.id, row]));

describe("generation", () => {
  afterEach(() => jest.useRealTimers());

  test("gives the same bytes for the same options, on any day", () => {
    const hash = hashOf(sampleSource, SMALL);
    jest.useFakeTimers({ now: new Date("2031-02-03T04:05:06Z") });
    expect(hashOf(sampleSource, SMALL)).toBe(hash);
    expect(hashOf(sampleSource, { ...SMALL, seed: 2 })).not.toBe(hash);
    expect(hashOf(sampleSource, { ...SMALL, until: new Date("2026-11-20") })).not.toBe(hash);
  });

  test("reads a table's rows the second time as the first", () => {
    for (const { rows } of sampleSource.generate({ ...SMALL, tenants: 3 })) {
      expect([...rows()].join("")).toBe([...rows()].join(""));
    }
  });

  test("has exactly the announced counts at medium scale", () => {
    expect(Object.fromEntries([...data].map(([name, rows]) => [name, rows.length]))).toEqual({
      django_content_type: 8,
      django_migrations: 5,
      django_session: 3,
      django_admin_log: 3,
      auth_permission: 32,
      auth_group: 2,
      auth_group_permissions: 32,
      auth_user: 3,
      auth_user_groups: 2,
      auth_user_user_permissions: 1,
      core_tenant: 8,
      core_customer: 6_400,
      core_product: 800,
      core_order: 51_200,
      core_orderitem: 153_600,
      core_event: 320_000,
      core_subscription: 1_920,
      core_invoice: 10_000,
    });
  });

  test.each([
    ["small", 16_000, 18_000],
    ["large", 2_900_000, 3_100_000],
  ] as const)("announces about the rows promised at scale %s", (scale, least, most) => {
    let rows = 0;
    for (const { rowCount } of sampleSource.generate({ ...MEDIUM, scale })) rows += rowCount;
    expect(rows).toBeGreaterThan(least);
    expect(rows).toBeLessThan(most);
  });

  test("refuses options out of range by name", () => {
    const attempt = (change: Partial<SampleOptions>) => () =>
      Array.from(sampleSource.generate({ ...SMALL, ...change }));
    expect(attempt({ months: 25 })).toThrow(
      new RangeError("months is 25; it must be a whole number from 1 to 24"),
    );
    expect(attempt({ tenants: 0 })).toThrow(/tenants is 0/);
    expect(attempt({ seed: -1 })).toThrow(/seed is -1/);
    expect(attempt({ until: new Date("2026-11-21T01:00:00Z") })).toThrow(/midnight/);
  });

  test("spreads the data over hundreds of tenants of very different sizes", () => {
    const rows = generateRows(sampleSource, { ...SMALL, tenants: 300 });
    const sizes = [...groupBy(rows.get("core_customer") as Row[], (row) => `${row.tenant_id}`)]
      .map(([, customers]) => customers.length)
      .sort((one, other) => one - other);
    expect(sizes).toHaveLength(300);
    expect(sizes[0]).toBeGreaterThanOrEqual(2);

    const medium = [...groupBy(table("core_customer"), (row) => `${row.tenant_id}`)].map(
      ([, customers]) => customers.length,
    );
    expect(Math.max(...medium) / Math.min(...medium)).toBeGreaterThan(3);
  });

  test.each([1, 24])("stays inside its %s months", (months) => {
    const rows = generateRows(sampleSource, { ...SMALL, months });
    const start = new Date(MEDIUM.until);
    start.setUTCMonth(start.getUTCMonth() - months);
    for (const { ordered_at } of rows.get("core_order") as Row[]) {
      expect(microsOf(ordered_at)).toBeGreaterThanOrEqual(start.getTime() * 1000);
      expect(microsOf(ordered_at)).toBeLessThan(MEDIUM.until.getTime() * 1000);
    }
  });
});

describe("rows that belong together", () => {
  test("refer to rows that exist, of the same tenant", () => {
    const references = [
      ["core_customer", "tenant_id", "core_tenant"],
      ["core_product", "tenant_id", "core_tenant"],
      ["core_order", "customer_id", "core_customer"],
      ["core_orderitem", "order_id", "core_order"],
      ["core_orderitem", "product_id", "core_product"],
      ["core_event", "customer_id", "core_customer"],
      ["core_subscription", "customer_id", "core_customer"],
      ["core_subscription", "previous_subscription_id", "core_subscription"],
      ["core_invoice", "customer_id", "core_customer"],
      ["core_invoice", "subscription_id", "core_subscription"],
    ] as const;
    const broken = references.flatMap(([from, column, to]) => {
      const targets = byId(to);
      return table(from).filter((row) => {
        if (row[column] === null) return false;
        const target = targets.get(row[column] as string);
        return !target || (to !== "core_tenant" && target.tenant_id !== row.tenant_id);
      });
    });
    expect(broken).toEqual([]);
    expect(table("core_event").some((row) => row.customer_id === null)).toBe(true);
    expect(table("core_invoice").some((row) => row.subscription_id === null)).toBe(true);
  });

  test("add up: an order's subtotal is the sum of its lines", () => {
    const lines = groupBy(table("core_orderitem"), (item) => `${item.order_id}`);
    let wrong = 0;
    for (const order of table("core_order")) {
      const items = lines.get(`${order.id}`) as Row[];
      const sum = items.reduce((total, item) => total + centsOf(item.line_total), 0);
      if (sum !== centsOf(order.subtotal)) wrong++;
    }
    // Only the lines that are flawed on purpose: 0.3% of 3 lines an order.
    expect(wrong).toBeGreaterThan(0);
    expect(wrong / table("core_order").length).toBeLessThan(0.015);
  });

  test("come in a possible order of time", () => {
    const customers = byId("core_customer");
    const since = (row: Row) => microsOf(customers.get(row.customer_id as string)?.created_at);
    const early = [
      ...table("core_order").filter((order) => microsOf(order.ordered_at) < since(order)),
      ...table("core_subscription").filter((one) => microsOf(one.started_at) < since(one)),
    ];
    expect(early).toEqual([]);
    const subscriptions = byId("core_subscription");
    const followers = table("core_subscription").filter((one) => one.previous_subscription_id);
    expect(followers.length).toBeGreaterThan(100);
    for (const follower of followers) {
      const previous = subscriptions.get(follower.previous_subscription_id as string) as Row;
      expect(previous.status).toBe("upgraded");
      expect(previous.customer_id).toBe(follower.customer_id);
      expect(previous.plan).not.toBe(follower.plan);
      expect(previous.updated_at).toBe(follower.started_at);
    }
  });

  test("are billed once for every month that a subscription runs", () => {
    const invoices = groupBy(
      table("core_invoice").filter((invoice) => invoice.subscription_id !== null),
      (invoice) => `${invoice.subscription_id}`,
    );
    const until = MEDIUM.until.getTime() * 1000;
    const running = table("core_subscription").filter(
      (one) => one.billing_cycle === "monthly" && one.status === "active" && !one.trial_ends_at,
    );
    expect(running.length).toBeGreaterThan(300);
    for (const one of running) {
      const months = (until - microsOf(one.started_at)) / (30.44 * 86_400e6);
      const count = invoices.get(`${one.id}`)?.length ?? 0;
      expect(Math.abs(count - months - 0.5)).toBeLessThan(0.7);
    }
  });

  test("number orders without gaps or doubles in each tenant", () => {
    const byTenant = groupBy(table("core_order"), (order) => `${order.tenant_id}`);
    for (const [tenant, orders] of byTenant) {
      const numbers = new Set(orders.map((order) => order.order_number));
      expect(numbers.size).toBe(orders.length);
      expect(numbers.has(`T${tenant}-${String(orders.length).padStart(6, "0")}`)).toBe(true);
    }
    expect(new Set(table("core_customer").map((row) => row.email)).size).toBe(6_400);
  });
});
