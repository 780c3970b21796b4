import type { Value } from "../../analytics/query-client";
import { withTime } from "../../analytics/report/collect";
import { asOfSql, operationSections } from "../../analytics/report/operations";
import type { Query } from "../../analytics/report/rows";
import type { ReportDefinition } from "../../lakes/report";
import type { Lake } from "../../model/lake";

/** The page's time in tests. */
export const NOW = new Date("2026-11-21T05:30:00Z");

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Results by the title of the tile or figure that asks. */
export type Canned = Readonly<Record<string, Rows>>;

/** A query function that answers each tile and figure of the page with the rows under its title. */
export function cannedQuery(
  lake: Lake,
  report: ReportDefinition,
  canned: Canned,
  asOf: string | null = "2026-11-21 05:28:41.123456",
): Query {
  const sections = [...report.sections, ...operationSections(lake)];
  const asked = [...report.tiles, ...sections.flatMap(({ figures }) => figures)];
  const titles = new Map(asked.map(({ sql, title }) => [withTime(sql, NOW), title]));
  const asOfQuery = asOfSql(lake.manifest);
  return async (sql) => {
    if (sql === asOfQuery) return toResult([{ as_of: asOf }], sql);
    const title = titles.get(sql);
    if (title === undefined) throw new Error(`nobody declared the query ${sql}`);
    return toResult(canned[title] ?? [], sql);
  };
}

/** Without rows, every name that the SQL mentions is a column: an empty result lacks none. */
function toResult(rows: Rows, sql: string): Awaited<ReturnType<Query>> {
  const names = rows[0] ? Object.keys(rows[0]) : [...new Set(sql.match(/\b[a-z_]+\b/g))];
  return {
    columns: names.map((name) => ({ name, type: "varchar" })),
    rows: rows.map((row) => names.map((name) => (row[name] ?? null) as Value)),
  };
}

const CURRENCIES = [
  { currency: "EUR", size: 5200 },
  { currency: "USD", size: 3100 },
  { currency: "GBP", size: 900 },
  { currency: "PLN", size: 1750 },
];
const MONTHS = [
  "2026-05-01",
  "2026-06-01",
  "2026-07-01",
  "2026-08-01",
  "2026-09-01",
  "2026-10-01",
  "2026-11-01",
];
const TENANTS = [
  "Hilpert, Baumbach & Co",
  "Nordlicht Handels GmbH",
  "Kowalski i Synowie",
  "Maison Dupont",
  "Bright Harbour Ltd",
  "Yamada Trading",
  "Rohan Group",
  "Schultz-Keller",
];
const TABLES = [
  "core_customer",
  "core_event",
  "core_invoice",
  "core_order",
  "core_orderitem",
  "core_product",
  "core_subscription",
  "core_tenant",
];
const ROWS = [6_400, 320_000, 10_000, 51_200, 153_600, 800, 1_920, 8];

/** The same numbers at every run, between 0 and 1. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const money = (value: number) => value.toFixed(2);
const addDays = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Half a year of a shop platform like the medium sample, as the queries would give it. */
export function sampleData(): Canned {
  const random = randomNumbers(7);
  const days = Array.from({ length: 182 }, (_, index) => addDays("2026-11-21", index - 181));
  return {
    "Net revenue": CURRENCIES.map(({ currency, size }, index) => ({
      currency,
      net_revenue: money(size * 31.4 + 12.34),
      growth: [0.084, -0.021, 0.132, 0][index],
      note: "in October 2026, against the month before",
    })),
    "Monthly recurring revenue": CURRENCIES.map(({ currency, size }, index) => ({
      currency,
      mrr: money(size * 4.2),
      growth: [0.012, 0.031, -0.008, null][index],
      note: "now, against the end of October 2026",
    })),
    "Average order": CURRENCIES.map(({ currency }, index) => ({
      currency,
      average_order: [86.4031, 92.118, 71.97, 154.2][index],
      growth: [0.011, -0.004, 0.02, 0.007][index],
      note: "in October 2026, against the month before",
    })),
    "Paid orders": [
      { total: 8912, growth: 0.062, note: "in October 2026, against the month before" },
    ],
    "Active customers": [
      { total: 4410, growth: 0.034, note: "in October 2026, against the month before" },
    ],
    Conversion: [{ conversion: 0.0312, note: "of 16,204 sessions in the last 30 full days" }],
    "By day": CURRENCIES.flatMap(({ currency, size }) => {
      const values = days.map((day, index) => {
        const weekday = new Date(day).getUTCDay();
        const week = weekday === 0 || weekday === 6 ? 1.3 : 0.9;
        return size * week * (0.75 + index / 400) * (0.8 + 0.4 * random());
      });
      return days.map((day, index) => ({
        currency,
        day,
        week_average:
          index < 6 ? null : money(values.slice(index - 6, index + 1).reduce((a, b) => a + b) / 7),
        net_revenue: money(index === 181 ? values[index]! * 0.2 : values[index]!),
        orders: Math.round(values[index]! / 90),
      }));
    }),
    "By month": CURRENCIES.flatMap(({ currency, size }) =>
      MONTHS.map((month, index) => ({
        currency,
        month,
        net_revenue: money(
          size * 26 * (0.7 + index * 0.07) * (index === 0 ? 0.35 : index === 6 ? 0.66 : 1),
        ),
        orders: Math.round(size * 0.3 * (0.7 + index * 0.07)),
        average_order: 88.2 + index,
        growth: index < 2 ? null : 0.05 + 0.02 * random(),
        remark: index === 6 ? "so far" : null,
      })),
    ),
    "By quarter": CURRENCIES.flatMap(({ currency, size }) =>
      ["Q2 2026", "Q3 2026", "Q4 2026"].map((quarter, index) => ({
        currency,
        quarter,
        net_revenue: money(size * [38, 79, 55][index]!),
        orders: Math.round(size * [0.4, 0.9, 0.6][index]!),
        growth: null,
        remark: ["partial", null, "so far"][index],
      })),
    ),
    "By category": CURRENCIES.flatMap(({ currency, size }) =>
      [
        "Electronics",
        "Home & Kitchen",
        "Clothing",
        "Sports & Outdoors",
        "Beauty",
        "Books",
        "Toys",
        "Grocery",
      ].map((category, index) => ({
        currency,
        category,
        net_revenue: money((size * 30) / (index + 1.4)),
        units: Math.round((size * 2) / (index + 1.2)),
        share: 0.34 / (index + 1.2),
        growth: 0.24 - index * 0.05,
      })),
    ),
    "Who comes back": MONTHS.flatMap((month, row) =>
      Array.from({ length: Math.max(1, MONTHS.length - row - 1) }, (_, since) => ({
        cohort_month: month,
        customers: 1180 - row * 90,
        months_since: since + 1,
        retention: row === 6 ? null : 0.45 * Math.exp(-since / 6) * (0.9 + 0.2 * random()),
      })),
    ),
    "Active and lost": MONTHS.map((month, index) => ({
      month,
      staying: index * 480,
      new_customers: 1180 - index * 90,
      reactivated: index > 3 ? index * 30 : 0,
      lost: index > 2 ? -(60 + index * 40) : 0,
      churn_rate: index > 2 ? 0.04 + index / 200 : index === 0 ? null : 0,
      remark: index === 6 ? "so far" : null,
    })),
    "Sign-ups and first purchases": MONTHS.map((month, index) => ({
      month,
      sign_ups: 700 + index * 55,
      first_time_buyers: 520 + index * 40,
      remark: index === 6 ? "so far" : null,
    })),
    "How far they come": [
      {
        sessions: 16204,
        viewed_product: 11022,
        added_to_cart: 3910,
        started_checkout: 1702,
        purchased: 506,
      },
    ],
    "Sessions by day": days.slice(90, 181).map((day, index) => ({
      day,
      sessions: Math.round((420 + index * 2) * (0.85 + 0.3 * random())),
      bounce_rate: 0.3 + 0.06 * random(),
    })),
    "By device": [
      {
        device: "mobile",
        sessions: 9022,
        duration: 262.4,
        depth: 5.31,
        bounce_rate: 0.352,
        abandonment: 0.741,
        conversion: 0.0251,
      },
      {
        device: "desktop",
        sessions: 5911,
        duration: 381,
        depth: 6.9,
        bounce_rate: 0.27,
        abandonment: 0.662,
        conversion: 0.0412,
      },
      {
        device: "tablet",
        sessions: 1271,
        duration: 301.2,
        depth: 5.72,
        bounce_rate: 0.31,
        abandonment: 0.7,
        conversion: 0.0283,
      },
    ],
    "What moved MRR": CURRENCIES.map(({ currency, size }) => ({
      currency,
      opening_mrr: money(size * 3.1),
      new_mrr: money(size * 1.6),
      reactivated_mrr: money(size * 0.1),
      expansion_mrr: money(size * 0.5),
      contraction_mrr: money(size * 0.2),
      churned_mrr: money(size * 0.9),
      mrr: money(size * 4.2),
    })),
    "MRR by month": CURRENCIES.flatMap(({ currency, size }) =>
      MONTHS.map((month, index) => ({
        currency,
        month,
        mrr: money(size * (3.1 + index * 0.18)),
        arr: money(size * (3.1 + index * 0.18) * 12),
        subscribers: Math.round(size / 10 + index * 6),
        arpu: 36.5 + index / 3,
        growth: index === 0 ? null : 0.05 - index * 0.004,
        revenue_churn: 0.031,
        remark: index === 6 ? "now" : null,
      })),
    ),
    "Subscribers lost": MONTHS.map((month, index) => ({
      month,
      churn_rate: [0.031, 0.036, 0.029, 0.041, 0.034, 0.038, 0.019][index],
      opening: 900 + index * 40,
      churned: 28 + index,
      remark: index === 6 ? "so far" : null,
    })),
    Plans: [
      { plan: "pro, monthly", subscriptions: 512, share: 0.42 },
      { plan: "basic, monthly", subscriptions: 398, share: 0.326 },
      { plan: "business, monthly", subscriptions: 141, share: 0.116 },
      { plan: "pro, yearly", subscriptions: 92, share: 0.075 },
      { plan: "business, yearly", subscriptions: 44, share: 0.036 },
      { plan: "basic, yearly", subscriptions: 33, share: 0.027 },
    ],
    "Best sellers": Array.from({ length: 15 }, (_, index) => ({
      product: [
        "Handcrafted Granite Keyboard",
        "Ergonomic Cotton Chair",
        "Small Bamboo Lamp",
        "Refined Steel Mouse",
        "Licensed Wool Gloves",
      ][index % 5],
      units: 912 - index * 41,
      net_revenue: money(41_200.5 - index * 1900.13),
      currency: CURRENCIES[index % 4]!.currency,
      margin_rate: index === 6 ? null : 0.41 - index * 0.015,
      category: ["Electronics", "Home & Kitchen", "Home & Kitchen", "Electronics", "Clothing"][
        index % 5
      ],
      tenant: TENANTS[index % 8],
    })),
    Stock: [
      { stock_state: "healthy", products: 402, stock: 51_022, sold: 30_112 },
      { stock_state: "overstocked", products: 211, stock: 60_008, sold: 4_011 },
      { stock_state: "reorder", products: 96, stock: 1_204, sold: 14_809 },
      { stock_state: "out of stock", products: 31, stock: 0, sold: 3_100 },
      { stock_state: "not selling", products: 12, stock: 980, sold: 0 },
    ],
    "By tenant": TENANTS.map((name, index) => ({
      name,
      orders: Math.round(2900 / (index + 1) ** 0.75),
      net_revenue: money(250_000.4 / (index + 1) ** 0.75),
      currency: CURRENCIES[index % 4]!.currency,
      growth_rate: index === 7 ? null : 0.14 - index * 0.035,
      mrr: money(21_000 / (index + 1)),
      subscribers: Math.round(410 / (index + 1)),
      conversion: 0.041 - index * 0.002,
      plan: [
        "enterprise",
        "enterprise",
        "growth",
        "growth",
        "growth",
        "starter",
        "starter",
        "starter",
      ][index],
    })),
    "Valid rows": TABLES.map((name, index) => {
      const quarantined = Math.round(ROWS[index]! * 0.0041);
      return {
        name,
        valid_rows: ROWS[index]! - quarantined,
        quarantined_rows: quarantined,
        valid_share: 1 - quarantined / ROWS[index]!,
      };
    }),
    "Why rows are in quarantine": [
      { name: "core_event", reason: "event type is unknown", broken_rows: 1302 },
      { name: "core_orderitem", reason: "quantity is zero or negative", broken_rows: 604 },
      { name: "core_order", reason: "total is negative", broken_rows: 120 },
      {
        name: "core_order",
        reason: "discount is negative or larger than the subtotal",
        broken_rows: 84,
      },
      { name: "core_invoice", reason: "invoice is paid but has no payment date", broken_rows: 41 },
    ],
    Rules: [
      {
        name: "silver.core_order",
        rule: "RowCount > last(1) * 0.5",
        judged: "before a commit",
        severity: "stop",
        outcome: "failed",
        message: "Value: 12 does not meet the constraint requirement",
        verdicts: 14,
        broken: 1,
        broken_at: "2026-11-21 05:29:12.000000 UTC",
      },
      ...TABLES.map((name, index) => ({
        name: `silver.${name}`,
        rule: 'IsUnique "id"',
        judged: "whole table",
        severity: "warn",
        outcome: index === 3 ? "skipped" : "passed",
        message: null,
        verdicts: 40,
        broken: 0,
        broken_at: null,
      })),
    ],
    "Rules by table": TABLES.map((name, index) => ({
      name: `silver.${name}`,
      rules: 4 + (index % 3),
      passed: index === 5 ? 4 : 4 + (index % 3),
      broken: index === 5 ? 2 : 0,
      broken_rules: index === 5 ? 'IsUnique "sku", Completeness "category" = 1.0' : null,
      evaluated_at: "2026-11-21 05:29:12.000000 UTC",
    })),
    Silver: TABLES.map((name, index) => ({
      name,
      newest: `2026-11-21 05:2${index}:41.123456`,
      read_at: "2026-11-21 05:29:01.000000",
      state: index === 7 ? "late" : "fresh",
    })),
    Gold: [
      "revenue_daily",
      "revenue_monthly",
      "sessions",
      "funnel_daily",
      "dim_date",
      "dim_tenant",
      "retention_cohorts",
      "product_sales_monthly",
      "inventory_turnover",
      "plan_distribution_monthly",
    ].map((name, index) => ({
      name,
      refreshed_at: `2026-11-21 05:29:${10 + index}.000000`,
      changed_rows: 40 + index * 13,
      state: "fresh",
    })),
    "Row accounting": TABLES.map((name, index) => {
      const quarantined = Math.round(ROWS[index]! * 0.0041);
      const superseded = Math.round(ROWS[index]! * 0.01);
      return {
        name,
        read: ROWS[index]! + superseded,
        applied: ROWS[index]! - quarantined,
        superseded,
        ignored: 0,
        quarantined,
        unaccounted: 0,
      };
    }),
  };
}
