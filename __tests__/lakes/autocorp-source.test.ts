import { sampleSource } from "../../lakes/autocorp/source";
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
const ids = (name: string, key: string) => new Set(table(name).map((row) => row[key]));

function counts(scale: SampleOptions["scale"]): Record<string, number> {
  const tables = [...sampleSource.generate({ ...MEDIUM, scale })];
  return Object.fromEntries(tables.map(({ name, rowCount }) => [name, rowCount]));
}

describe("generation", () => {
  afterEach(() => jest.useRealTimers());

  test("gives the same bytes for the same options, on any day", () => {
    const hash = hashOf(sampleSource, SMALL);
    jest.useFakeTimers({ now: new Date("2031-02-03T04:05:06Z") });
    expect(hashOf(sampleSource, SMALL)).toBe(hash);
    expect(hashOf(sampleSource, { ...SMALL, tenants: 3 })).toBe(hash);
    expect(hashOf(sampleSource, { ...SMALL, seed: 2 })).not.toBe(hash);
    expect(hashOf(sampleSource, { ...SMALL, until: new Date("2026-11-20") })).not.toBe(hash);
  });

  test("reads a table's rows the second time as the first", () => {
    for (const { rows } of sampleSource.generate(SMALL)) {
      expect([...rows()].join("")).toBe([...rows()].join(""));
    }
  });

  test("has exactly the workshops' counts at medium scale, a tenth and the hundredfold at the others", () => {
    expect(Object.fromEntries([...data].map(([name, rows]) => [name, rows.length]))).toEqual({
      auto_parts: 400,
      customers: 1_149,
      service: 110,
      service_parts: 1_074,
      sales_order: 1_000,
      sales_order_parts: 2_135,
      sales_order_services: 644,
    });
    expect(Object.values(counts("small"))).toEqual([40, 115, 11, 107, 100, 214, 64]);
    expect(Object.values(counts("large"))).toEqual([
      40_000, 114_900, 11_000, 107_400, 100_000, 213_500, 64_400,
    ]);
  });

  test.each([1, 24])("stays inside its %s months", (months) => {
    const rows = generateRows(sampleSource, { ...SMALL, months });
    const start = new Date(MEDIUM.until);
    start.setUTCMonth(start.getUTCMonth() - months);
    for (const { created_at, order_date } of rows.get("sales_order") as Row[]) {
      expect(microsOf(created_at)).toBeGreaterThanOrEqual(start.getTime() * 1000);
      expect(microsOf(created_at)).toBeLessThan(MEDIUM.until.getTime() * 1000);
      expect(created_at?.slice(0, 10)).toBe(order_date);
    }
  });

  test("refuses options out of range by name", () => {
    expect(() => [...sampleSource.generate({ ...SMALL, months: 25 })]).toThrow(
      new RangeError("months is 25; it must be a whole number from 1 to 24"),
    );
  });
});

describe("rows that belong together", () => {
  test("refer to rows that exist, wherever a foreign key holds them", () => {
    const references = [
      ["service_parts", "service_id", "service"],
      ["sales_order", "customer_id", "customers"],
      ["sales_order_parts", "order_id", "sales_order"],
      ["sales_order_services", "order_id", "sales_order"],
    ] as const;
    const broken = references.flatMap(([from, column, to]) => {
      const known = ids(to, column);
      return table(from).filter((row) => row[column] !== null && !known.has(row[column] ?? null));
    });
    expect(broken).toEqual([]);
    const needs = table("service_parts").map((row) => `${row.service_id}/${row.part_id}`);
    expect(new Set(needs).size).toBe(needs.length);
  });

  test("give every order lines, and some of them more than fifty", () => {
    const lines = [...table("sales_order_parts"), ...table("sales_order_services")];
    const sizes = [...groupBy(lines, (line) => `${line.order_id}`)].map(([, some]) => some.length);
    expect(sizes).toHaveLength(1_000);
    expect(sizes.filter((size) => size > 50)).toHaveLength(2);
    const small = generateRows(sampleSource, SMALL).get("sales_order_parts") as Row[];
    const most = [...groupBy(small, (line) => `${line.order_id}`)].map(([, some]) => some.length);
    expect(Math.max(...most)).toBeGreaterThan(50);
  });

  test("come in a possible order of time", () => {
    const since = new Map(table("customers").map((row) => [row.customer_id, row.created_at]));
    const early = table("sales_order").filter(
      ({ customer_id, created_at }) =>
        customer_id && microsOf(created_at) < microsOf(since.get(customer_id)),
    );
    expect(early).toEqual([]);
  });

  test("add up: an order's total is its lines less discount plus tax, but for the flawed ones", () => {
    const lines = [...table("sales_order_parts"), ...table("sales_order_services")];
    const byOrder = groupBy(lines, (line) => `${line.order_id}`);
    const wrong = table("sales_order").filter((order) => {
      const some = byOrder.get(`${order.order_id}`) as Row[];
      const sum = some.reduce((total, line) => total + centsOf(line.line_total), 0);
      const expected = sum - centsOf(order.discount_amount) + centsOf(order.tax_amount);
      return centsOf(order.total_amount) !== expected;
    });
    expect(wrong.length).toBeGreaterThan(5);
    expect(wrong.length).toBeLessThan(40);
  });
});

describe("flaws", () => {
  const parts = ids("auto_parts", "part_id");
  const services = ids("service", "service_id");
  const emails = groupBy(table("customers"), (row) => `${row.email}`.toLowerCase());
  const STATUSES = ["scheduled", "in_progress", "completed", "paid", "cancelled"];

  const found: Record<string, Row[]> = {
    "part that nobody knows": table("sales_order_parts").filter((row) => !parts.has(row.part_id!)),
    "service that nobody knows": table("sales_order_services").filter(
      (row) => !services.has(row.service_id!),
    ),
    "quantity zero": table("sales_order_parts").filter((row) => row.quantity === "0"),
    "line total off": table("sales_order_parts").filter(
      (row) =>
        row.quantity !== "0" &&
        centsOf(row.line_total) !== Number(row.quantity) * centsOf(row.unit_price),
    ),
    "total not positive": table("sales_order").filter((row) => centsOf(row.total_amount) <= 0),
    "status in another form": table("sales_order").filter(
      (row) =>
        !STATUSES.includes(row.status!) &&
        STATUSES.includes(row.status!.trim().toLowerCase().replace(" ", "_")),
    ),
    "status unknown": table("sales_order").filter((row) => row.status === "waiting"),
    "order without a customer": table("sales_order").filter((row) => row.customer_id === null),
    "e-mail twice": [...emails.values()].filter(
      (same) => same.length > 1 && same[0]?.email !== null,
    )[0] as Row[],
    "e-mail missing": table("customers").filter((row) => row.email === null),
    "e-mail without @": table("customers").filter((row) => row.email?.includes(" at ")),
    "last name missing": table("customers").filter((row) => !row.last_name?.trim()),
    "state not by its code": table("customers").filter(
      (row) => row.state !== null && !/^[A-Z]{2}$/.test(row.state!),
    ),
    "state missing": table("customers").filter((row) => row.state === null),
    "phone with an extension": table("customers").filter((row) => row.phone?.includes(" x")),
    "phone missing": table("customers").filter((row) => row.phone === null),
    "part category missing": table("auto_parts").filter((row) => row.category === null),
    "stock negative": table("auto_parts").filter((row) => Number(row.stock_quantity) < 0),
  };

  test("are of every kind", () => {
    const missing = Object.entries(found).filter(([, rows]) => !rows?.length);
    expect(missing.map(([kind]) => kind)).toEqual([]);
  });

  test("that the lake keeps out of silver are few", () => {
    const kept = [
      "quantity zero",
      "total not positive",
      "status unknown",
      "last name missing",
      "stock negative",
    ];
    const rows = kept.reduce((sum, kind) => sum + (found[kind] as Row[]).length, 0);
    expect(rows / 6_512).toBeLessThan(0.01);
  });
});
