import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { checkIsolation } from "../../analytics/isolation-check";
import type { QueryClient } from "../../analytics/query-client";
import type { QueryFailed } from "../../analytics/query-failed";
import { withTime } from "../../analytics/report/collect";
import { columnsOf } from "../../analytics/report/figures/render";
import { asOfSql, operationSections } from "../../analytics/report/operations";
import { toRows } from "../../analytics/report/rows";
import { TrinoClient } from "../../analytics/trino-client";
import { lakeNames, loadLake } from "../../lakes/load";
import { type Figure, loadReport, type ReportDefinition, type Tile } from "../../lakes/report";
import { silverFactsSql } from "../../local/pipeline/status";
import { stopService, useService } from "../../local/services";
import { writeAccessRules } from "../../local/trino";
import { UNCOMPILED } from "../../model/compiled-columns";
import { relations, rowFilter, tenantsQuery } from "../../model/isolation";
import { assembleLake, type Lake } from "../../model/lake";
import { quoteRelation } from "../../model/sql-quoting";
import { type TableRows, withInlineTables } from "./inline-tables";
import { NOW } from "./report-data";

jest.setTimeout(300_000);

const lake = loadLake("saas");
const asked = askedBy(lake);
const shownBy = (each: Tile | Figure) => ("kind" in each ? columnsOf(each) : [each.value.column]);

const home = mkdtempSync(join(tmpdir(), "lakewright-report-sql-"));
let service: Awaited<ReturnType<typeof useService>>;
let trino: TrinoClient;

beforeAll(async () => {
  process.env.LAKEWRIGHT_HOME = home;
  await writeAccessRules("saas", {});
  service = await useService("trino");
  trino = new TrinoClient(`http://127.0.0.1:${service.port}`);
});

afterAll(async () => {
  await service?.[Symbol.asyncDispose]();
  await stopService("trino");
  rmSync(home, { recursive: true, force: true });
});

/** Everything that the page of a lake asks. */
function askedBy(of: Lake): readonly (Tile | Figure)[] {
  const { sections, tiles } = loadReport(of.definition.name) as ReportDefinition;
  const figures = [...sections, ...operationSections(of)].flatMap((each) => each.figures);
  return [...tiles, ...figures];
}

/** What Trino answers where the lake holds these rows alone. */
async function answer(sql: string, columns: readonly string[], rows: TableRows, of: Lake = lake) {
  const inlined = withInlineTables(withTime(sql, NOW), of, rows);
  return toRows(await trino.query(inlined, { user: "admin" }), columns);
}

async function ask(title: string, rows: TableRows, of: Lake = lake) {
  const found = (of === lake ? asked : askedBy(of)).filter((each) => each.title === title);
  expect(found).toHaveLength(1);
  return answer(found[0]!.sql, shownBy(found[0]!), rows, of);
}

const tenants = [
  { tenant_id: 1, name: "One", currency: "EUR", plan: "growth" },
  { tenant_id: 2, name: "Two", currency: "EUR", plan: "starter" },
  { tenant_id: 3, name: "Three", currency: "USD", plan: "starter" },
];
const firstOrder = {
  tenant_id: 1,
  order_date: "2026-08-10",
  net_revenue: "70.00",
  revenue_orders: 1,
};

describe("the report's SQL on Trino", () => {
  it.each(lakeNames())(
    "of %s is understood, types and all, and gives every column that is shown",
    async (name) => {
      const of = loadLake(name);
      const refused: string[] = [];
      for (const each of askedBy(of)) {
        await answer(each.sql, shownBy(each), {}, of).catch((error: Error) =>
          refused.push(`${each.title}: ${error.message}`),
        );
      }
      expect(refused).toEqual([]);
      expect(await answer(asOfSql(of.manifest), ["as_of"], {}, of)).toEqual([{ as_of: null }]);
    },
  );

  it("sums revenue per currency, and never across", async () => {
    const rows = {
      "gold.dim_tenant": tenants,
      "gold.revenue_daily": [firstOrder],
      "gold.revenue_monthly": [
        { tenant_id: 1, month: "2026-09-01", net_revenue: "100.00", revenue_orders: 4 },
        { tenant_id: 1, month: "2026-10-01", net_revenue: "150.10", revenue_orders: 5 },
        { tenant_id: 2, month: "2026-10-01", net_revenue: "50.00", revenue_orders: 3 },
        { tenant_id: 3, month: "2026-10-01", net_revenue: "7.00", revenue_orders: 1 },
        { tenant_id: 9, month: "2026-10-01", net_revenue: "1.00", revenue_orders: 1 },
        { tenant_id: 1, month: "2026-11-01", net_revenue: "999.00", revenue_orders: 9 },
      ],
    };
    const note = "in October 2026, against the month before";
    const tile = await ask("Net revenue", rows);
    expect(tile).toEqual([
      { currency: "EUR", net_revenue: "200.10", growth: expect.closeTo(1.001), note },
      { currency: "USD", net_revenue: "7.00", growth: null, note },
      { currency: "Unknown currency", net_revenue: "1.00", growth: null, note },
    ]);
    expect(await ask("Paid orders", rows)).toEqual([{ total: 10, growth: 1.5, note }]);
  });

  it("compares no month with one that is not whole in the lake", async () => {
    const months = ["2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"];
    const rows = {
      "gold.dim_tenant": tenants,
      "gold.revenue_daily": [firstOrder],
      "gold.revenue_monthly": months.map((month, index) => ({
        tenant_id: 1,
        month,
        net_revenue: ["40.00", "100.00", "125.00", "60.00"][index],
        revenue_orders: 4,
      })),
    };
    const found = await ask("By month", rows);
    expect(found.map(({ month, remark, growth }) => [month, remark, growth])).toEqual([
      ["2026-08-01", "partial", null],
      ["2026-09-01", null, null],
      ["2026-10-01", null, 0.25],
      ["2026-11-01", "so far", -0.52],
    ]);
  });

  it("averages the last seven days, days without an order as zero, not before there are seven", async () => {
    const day = (order_date: string, net_revenue: string) => ({
      tenant_id: 1,
      order_date,
      net_revenue,
    });
    const found = await ask("By day", {
      "gold.dim_tenant": tenants,
      "gold.revenue_daily": [
        day("2026-11-01", "7.00"),
        day("2026-11-06", "14.00"),
        day("2026-11-07", "70.00"),
        day("2026-11-09", "14.00"),
        day("2026-11-21", "1000.00"),
      ],
    });
    expect(found).toHaveLength(20);
    const averages = found.map((row) => [row.day, row.net_revenue, row.week_average]);
    expect(averages.slice(4, 9)).toEqual([
      ["2026-11-05", "0.00", null],
      ["2026-11-06", "14.00", null],
      ["2026-11-07", "70.00", "13.00"],
      ["2026-11-08", "0.00", "12.00"],
      ["2026-11-09", "14.00", "14.00"],
    ]);
    expect(averages.at(-1)).toEqual(["2026-11-20", "0.00", "0.00"]);
  });

  it("counts a month in which nobody of a cohort came back as zero", async () => {
    const cell = (cohort_month: string, months_since: number, active_customers: number) => ({
      tenant_id: 1,
      cohort_month,
      months_since,
      active_customers,
    });
    const found = await ask("Who comes back", {
      "gold.retention_cohorts": [
        cell("2026-09-01", 0, 8),
        { ...cell("2026-09-01", 0, 2), tenant_id: 2 },
        cell("2026-09-01", 2, 4),
        cell("2026-11-01", 0, 5),
      ],
    });
    expect(found).toEqual([
      { cohort_month: "2026-09-01", customers: 10, months_since: 1, retention: 0 },
      { cohort_month: "2026-09-01", customers: 10, months_since: 2, retention: 0.4 },
      { cohort_month: "2026-11-01", customers: 5, months_since: 1, retention: null },
    ]);
  });

  it("leads from the opening MRR by its movements to the MRR of now", async () => {
    const month = (name: string, values: Record<string, string>) => ({
      tenant_id: 1,
      month: name,
      ...Object.fromEntries(
        ["opening", "new", "reactivated", "expansion", "contraction", "churned"].map((each) => [
          `${each}_mrr`,
          "0.00",
        ]),
      ),
      ...values,
    });
    const found = await ask("What moved MRR", {
      "gold.dim_tenant": tenants,
      "gold.subscription_mrr_monthly": [
        month("2026-05-01", { mrr: "10.00" }),
        month("2026-06-01", { opening_mrr: "10.00", new_mrr: "5.00", mrr: "15.00" }),
        month("2026-11-01", { opening_mrr: "15.00", churned_mrr: "4.50", mrr: "10.50" }),
      ],
    });
    expect(found).toEqual([
      {
        currency: "EUR",
        opening_mrr: "10.00",
        new_mrr: "5.00",
        reactivated_mrr: "0.00",
        expansion_mrr: "0.00",
        contraction_mrr: "0.00",
        churned_mrr: "4.50",
        mrr: "10.50",
      },
    ]);
  });

  it("accounts for every row read, and finds those that are not", async () => {
    const run = (table: string, values: Record<string, unknown>) => ({
      step: "silver",
      table,
      status: "applied",
      superseded: 0,
      ignored: 0,
      quarantined: 0,
      ...values,
    });
    const found = await ask("Row accounting", {
      "ops.runs": [
        run("core_order", { read: 10, applied: 7, superseded: 1, quarantined: 2 }),
        run("core_order", { read: 5, applied: 4, ignored: 1 }),
        run("core_event", { read: 9, applied: 6 }),
        { step: "silver", table: "core_event", status: "failed", error: "no" },
      ],
    });
    expect(found.map(({ name, read, unaccounted }) => [name, read, unaccounted])).toEqual([
      ["core_event", 9, 3],
      ["core_order", 15, 0],
    ]);
  });

  it("calls a table late when bronze has kept a newer change waiting, not when the source is quiet", async () => {
    const run = (table: string, started_at: string) => ({
      step: "silver",
      table,
      status: "applied",
      started_at,
    });
    const found = await ask("Silver", {
      "silver.core_order": [{ _lw_committed_at: "2026-11-20 10:00:00" }],
      "silver.core_event": [{ _lw_committed_at: "2026-11-20 10:00:00" }],
      "silver.core_invoice": [{ _lw_committed_at: "2026-11-20 10:00:00" }],
      "quarantine.core_order": [{ _lw_committed_at: "2026-11-20 11:00:00" }],
      "bronze.core_order": [{ dms_timestamp: "2026-11-20 11:00:00.000000" }],
      "bronze.core_event": [{ dms_timestamp: "2026-11-21 04:29:59.000000" }],
      "bronze.core_invoice": [{ dms_timestamp: "2026-11-21 05:29:59.000000" }],
      "ops.runs": ["core_order", "core_event", "core_invoice"].map((table) =>
        run(table, "2026-11-20 11:05:00 UTC"),
      ),
    });
    const states = Object.fromEntries(found.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({
      core_order: "fresh",
      core_event: "late",
      core_invoice: "fresh",
      core_tenant: "not loaded",
    });
    expect(found.find(({ name }) => name === "core_order")!.newest).toBe(
      "2026-11-20 11:00:00.000000",
    );
  });

  it("says in words why rows are in quarantine, and counts no deleted key", async () => {
    const rows = [
      {
        state: "quarantined",
        reasons: [
          "total_not_negative: total is negative",
          "status_known: status: none of the known",
        ],
      },
      { state: "quarantined", reasons: ["total_not_negative: total is negative"] },
      { state: "quarantined", reasons: ["a reason without a rule"] },
      { state: "deleted", reasons: ["total_not_negative: total is negative"] },
    ];
    expect(await ask("Why rows are in quarantine", { "quarantine.core_order": rows })).toEqual([
      { name: "core_order", reason: "total is negative", broken_rows: 2 },
      { name: "core_order", reason: "a reason without a rule", broken_rows: 1 },
      {
        name: "core_order",
        reason: "status: none of the known",
        broken_rows: 1,
      },
    ]);
    const valid = await ask("Valid rows", {
      "quarantine.core_order": rows,
      "silver.core_order": [{}],
    });
    expect(valid.find(({ name }) => name === "core_order")).toEqual({
      name: "core_order",
      valid_rows: 1,
      quarantined_rows: 3,
      valid_share: 0.25,
    });
  });

  it("counts lines of files that are no rows, whatever value they have", async () => {
    const rows = {
      "quarantine.customers_lines": [
        { reasons: ["created_at is '13/45/2026', expected timestamp"] },
        { reasons: ["created_at is 'it''s', expected timestamp", "no customer_id"] },
      ],
      "silver.customers": [{}, {}],
    };
    const autocorp = loadLake("autocorp");
    expect(await ask("Why rows are in quarantine", rows, autocorp)).toEqual([
      { name: "customers", reason: "created_at is no timestamp (line of a file)", broken_rows: 2 },
      { name: "customers", reason: "no customer_id (line of a file)", broken_rows: 1 },
    ]);
    const valid = await ask("Valid rows", rows, autocorp);
    expect(valid.find(({ name }) => name === "customers")).toMatchObject({
      valid_rows: 2,
      quarantined_rows: 2,
    });
  });

  it("counts a rule by its last outcome", async () => {
    const result = (rule: string, outcome: string, evaluated_at: string) => ({
      layer: "silver",
      table: "core_order",
      kind: "dqdl",
      rule,
      outcome,
      evaluated_at,
    });
    const found = await ask("Rules by table", {
      "ops.quality": [
        result('IsUnique "id"', "failed", "2026-11-20 10:00:00 UTC"),
        result('IsUnique "id"', "passed", "2026-11-21 10:00:00 UTC"),
        result('IsComplete "id"', "error", "2026-11-21 10:00:00 UTC"),
        result('Mean "amount" > 1', "skipped", "2026-11-21 10:00:00 UTC"),
      ],
    });
    expect(found).toEqual([
      expect.objectContaining({
        name: "silver.core_order",
        rules: 3,
        passed: 1,
        broken: 1,
        broken_rules: 'IsComplete "id"',
      }),
    ]);
  });

  it("lists every rule with its last verdict and how often it was broken, broken ones first", async () => {
    const verdict = (rule: string, kind: string, outcome: string, day: number, more = {}) => ({
      layer: "silver",
      table: "core_order",
      kind,
      rule,
      outcome,
      evaluated_at: `2026-11-${day} 10:00:00 UTC`,
      ...more,
    });
    const found = await ask("Rules", {
      "ops.quality": [
        verdict('IsUnique "id"', "dqdl", "failed", 20, { message: "0.9", severity: "warn" }),
        verdict('IsUnique "id"', "dqdl", "passed", 21, { severity: "warn" }),
        verdict("total", "row", "passed", 21),
        verdict("RowCount > 9", "hold", "failed", 19, { message: "Value: 3", severity: "stop" }),
      ],
    });
    expect(found).toEqual([
      expect.objectContaining({
        rule: "RowCount > 9",
        judged: "before a commit",
        severity: "stop",
        outcome: "failed",
        message: "Value: 3",
      }),
      expect.objectContaining({
        rule: 'IsUnique "id"',
        judged: "whole table",
        outcome: "passed",
        message: null,
        verdicts: 2,
        broken: 1,
      }),
      expect.objectContaining({ rule: "total", judged: "row by row", severity: "warn", broken: 0 }),
    ]);
    expect(String(found[1]!.broken_at)).toContain("2026-11-20 10:00:00");
  });
});

describe("SQL that is generated for any lake, on Trino", () => {
  const columns = ["select", "group"].map((name) => ({ name, type: "bigint" }));
  const reserved = assembleLake(
    {
      name: "reserved",
      description: "Tables and columns with the names of SQL's own words",
      source: { engine: "postgres", database: "reserved" },
      tenancy: { column: "group", table: "order" },
      tables: {
        order: {
          description: "An order",
          key: ["group"],
          columns: { select: "bigint", group: "bigint" },
          sensitivity: { select: "personal" },
        },
      },
      models: { table: { description: "A model", grain: ["group"], refreshBy: ["group"] } },
    },
    {
      silver: {},
      gold: { table: "SELECT `select`, `group` FROM silver.order" },
      schema: { ...UNCOMPILED, tables: { order: columns }, models: { table: columns } },
    },
  );
  const { manifest } = reserved;

  /** What checkIsolation asks of a lake that shows a tenant more than it may see. */
  async function isolationQueries(): Promise<string[]> {
    const asked: string[] = [];
    const stored = relations(reserved).flatMap(({ layer, name }) =>
      columns.map((column) => [layer, name, column.name]),
    );
    const client: QueryClient = {
      query: async (sql) => {
        asked.push(sql);
        const rows = sql.includes("'quarantine'") ? [...stored, ["quarantine", "order", "x"]] : [];
        return {
          columns: [],
          rows,
          stats: { bytesRead: 0, rowsRead: 0, elapsedMs: 0, queuedMs: 0 },
        };
      },
    };
    await checkIsolation(client, reserved, ["1"]);
    return asked;
  }

  it("takes the names of tables and columns for names", async () => {
    const asked = [
      silverFactsSql(manifest.tables),
      asOfSql(manifest),
      tenantsQuery(reserved, "trino") as string,
      ...operationSections(reserved).flatMap((section) => section.figures.map(({ sql }) => sql)),
      ...relations(reserved).map(
        (each) =>
          `SELECT 1 FROM ${quoteRelation(each.layer, each.name)} WHERE ${rowFilter(each, 1)}`,
      ),
      ...(await isolationQueries()),
    ];
    expect(asked.filter((sql) => sql.includes('"order"')).length).toBeGreaterThan(10);
    expect(asked).toContain('SELECT "select" FROM silver."order" LIMIT 1');
    const codes = await Promise.all(
      asked.map((sql) =>
        trino.query(withTime(sql, NOW), { user: "admin", catalog: "saas" }).then(
          () => "understood",
          ({ code }: QueryFailed) => code,
        ),
      ),
    );
    expect(codes.filter((code) => code === "SYNTAX_ERROR")).toEqual([]);
  });
});
