import { sampleSource } from "../../lakes/saas/source";
import { centsOf, generateRows, microsOf, type Row } from "../sample-rows";

const data = generateRows(sampleSource, {
  scale: "medium",
  months: 6,
  tenants: 8,
  seed: 7,
  until: new Date("2026-11-21T00:00:00Z"),
});

const CATEGORIES = [
  "Electronics",
  "Home & Kitchen",
  "Clothing",
  "Books",
  "Sports & Outdoors",
  "Beauty",
  "Toys",
  "Grocery",
];
const STATUSES = ["pending", "paid", "shipped", "delivered", "cancelled", "refunded"];
const EVENTS = [
  "page_view",
  "product_view",
  "add_to_cart",
  "remove_from_cart",
  "checkout_started",
  "purchase",
  "search",
  "signup",
  "login",
];

/** What is wrong with a row; every flaw that the generator makes is one of these. */
const CHECKS: Readonly<Record<string, Readonly<Record<string, (row: Row) => boolean>>>> = {
  core_tenant: {
    "domain is not one": (row) => !/^[a-z0-9-]+\.example\.com$/.test(row.domain ?? ""),
  },
  core_customer: {
    "e-mail in upper case": (row) => /[A-Z]/.test(row.email ?? ""),
    "e-mail with blanks": (row) => row.email !== row.email?.trim(),
    "e-mail without @": (row) => !row.email?.includes("@"),
  },
  core_product: {
    "category missing": (row) => !row.category,
    "category not canonical": (row) => !!row.category && !CATEGORIES.includes(row.category),
    "price below 0": (row) => centsOf(row.price) < 0,
    "price 0": (row) => centsOf(row.price) === 0,
    "cost above price": (row) => centsOf(row.price) > 0 && centsOf(row.cost) > centsOf(row.price),
  },
  core_order: {
    "status in upper case": (row) =>
      !STATUSES.includes(row.status ?? "") && STATUSES.includes(`${row.status?.toLowerCase()}`),
    "total negative": (row) => centsOf(row.total_amount) < 0,
    "total off": (row) =>
      centsOf(row.total_amount) > 0 &&
      centsOf(row.total_amount) !==
        centsOf(row.subtotal) -
          centsOf(row.discount_amount) +
          centsOf(row.tax_amount) +
          centsOf(row.shipping_amount),
  },
  core_orderitem: {
    "quantity not positive": (row) => Number(row.quantity) <= 0,
    "line total off": (row) =>
      Number(row.quantity) > 0 &&
      centsOf(row.line_total) !==
        Number(row.quantity) * centsOf(row.unit_price) - centsOf(row.discount_amount),
  },
  core_event: {
    "JSON cut off": (row) => !isJson(row.metadata),
    "in the future": (row) => microsOf(row.occurred_at) > microsOf(row.created_at),
    "type unknown": (row) => !EVENTS.includes(row.event_type ?? ""),
  },
  core_subscription: {
    "ended before it started": (row) =>
      row.ended_at !== null && microsOf(row.ended_at) < microsOf(row.started_at),
    "amount negative": (row) => centsOf(row.amount) < 0,
  },
  core_invoice: {
    "paid without a time": (row) => row.status === "paid" && row.paid_at === null,
    "paid too much": (row) => centsOf(row.amount_paid) > centsOf(row.amount_due),
    "due before issued": (row) => `${row.due_on}` < `${row.issued_on}`,
  },
};

function isJson(text: string | null | undefined): boolean {
  try {
    return typeof JSON.parse(text ?? "") === "object";
  } catch {
    return false;
  }
}

const found = Object.entries(CHECKS).flatMap(([table, checks]) =>
  Object.entries(checks).map(([flaw, has]) => ({
    table,
    flaw: `${table}: ${flaw}`,
    rows: (data.get(table) as Row[]).filter(has),
  })),
);

test("every kind of flaw is there", () => {
  const missing = found.filter(({ rows }) => rows.length === 0).map(({ flaw }) => flaw);
  expect(missing).toEqual([]);
});

test("about half a percent of all rows is flawed", () => {
  const flawed = new Set(found.flatMap(({ rows }) => rows)).size;
  const all = Object.keys(CHECKS).reduce((sum, table) => sum + (data.get(table)?.length ?? 0), 0);
  expect(flawed / all).toBeGreaterThan(0.004);
  expect(flawed / all).toBeLessThan(0.006);
});

test("no table but the tenants' has more than three percent of flawed rows", () => {
  for (const table of Object.keys(CHECKS).filter((name) => name !== "core_tenant")) {
    const flawed = new Set(found.filter((one) => one.table === table).flatMap(({ rows }) => rows));
    expect(flawed.size / (data.get(table) as Row[]).length).toBeLessThan(0.03);
  }
});

test("values have the forms that people type", () => {
  const phones = (data.get("core_customer") as Row[]).map((row) => row.phone);
  expect(phones).toContain(null);
  expect(phones).toContain("n/a");
  for (const form of [/^\(\d{3}\) 010-\d{4}$/, /^00\d+$/, /^\+\d+ \d\d \d{7}$/, /^\+\d+-/]) {
    expect(phones.some((phone) => form.test(phone ?? ""))).toBe(true);
  }
  const names = (data.get("core_customer") as Row[]).map((row) => `${row.last_name}`).join("");
  expect(names).toMatch(/[À-ž]/);
});
