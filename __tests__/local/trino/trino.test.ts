import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

import { checkIsolation } from "../../../analytics/isolation-check";
import type { QueryOptions, Value } from "../../../analytics/query-client";
import type { TrinoClient } from "../../../analytics/trino-client";
import {
  type DescribedTable,
  registerBronze,
  registerLake,
  registerPartitions,
} from "../../../local/trino/catalog";
import { RULES_IN_FORCE_MS } from "../../../local/trino/config";
import { tenantUser, trinoAccessRules } from "../../../model/trino-rules";
import { shop, ShopLake } from "./shop";

jest.setTimeout(300_000);

const TENANTS = ["1", "2", "3"];

let lake: ShopLake;
let described: DescribedTable[];
let trino: TrinoClient;

const ask = async (sql: string, options: Partial<QueryOptions> = {}) =>
  trino.query(sql, { user: "admin", catalog: "shop", schema: "silver", ...options });
const rows = async (sql: string, user = "admin"): Promise<readonly (readonly Value[])[]> =>
  (await ask(sql, { user })).rows;

function rulesOf(tables: readonly DescribedTable[]): unknown {
  const storedColumns = Object.fromEntries(
    tables.map(({ layer, name, columns }) => [
      `${layer}.${name}`,
      columns.map((column) => column.name),
    ]),
  );
  return trinoAccessRules([{ lake: shop, tenants: TENANTS, storedColumns }]);
}

async function publish(): Promise<void> {
  lake.writeRules(rulesOf(described));
  await new Promise((resolve) => setTimeout(resolve, RULES_IN_FORCE_MS));
  registerLake(shop, described, lake.paths);
}

beforeAll(async () => {
  lake = await ShopLake.start();
  [described, trino] = await Promise.all([lake.phase("create"), lake.serve(rulesOf([]))]);
  await publish();
}, 900_000);

afterAll(async () => {
  await lake[Symbol.asyncDispose]();
});

describe("reading", () => {
  test("Hudi and Delta tables give the same rows, with exact decimals and microseconds from Hudi", async () => {
    const sql = (table: string) =>
      `SELECT id, tenant_id, note, amount, tags, address, counts, due_on, order_month FROM ${table} WHERE id = 7`;
    const expected = [
      [7, 2, "note 7", "8.75", ["new", "t7"], ["Bern", 7], { colour: 7 }, "2026-01-05", "2026-02"],
    ];
    expect(await rows(sql("orders"))).toEqual(expected);
    expect(await rows(sql("visits"))).toEqual(expected);
    expect(await rows("SELECT CAST(ordered_at AS timestamp(6)) FROM orders WHERE id = 7")).toEqual([
      ["2026-01-01 00:00:07.123477"],
    ]);
  });

  test("every layer is reachable by schema, empty tables included", async () => {
    const counts = await rows(`
      SELECT (SELECT count(*) FROM silver.orders), (SELECT count(*) FROM silver.visits),
        (SELECT count(*) FROM silver.nothing), (SELECT count(*) FROM gold.revenue),
        (SELECT count(*) FROM quarantine.orders), (SELECT count(*) FROM ops.runs),
        (SELECT count(*) FROM bronze.orders), (SELECT count(*) FROM bronze.visits)`);
    expect(counts).toEqual([[300, 300, 0, 3, 3, 2, 305, 0]]);
  });

  test("bronze reads nested folders and gives null for columns that a file lacks", async () => {
    expect(
      await rows(
        "SELECT op, dms_change_seq, count(*), count(bi_id) FROM bronze.orders GROUP BY 1, 2 ORDER BY 1",
      ),
    ).toEqual([
      ["I", "", 300, 0],
      ["U", "42", 5, 5],
    ]);
  });

  test("a partition's filter reads its file alone", async () => {
    const all = await ask("SELECT sum(amount) FROM orders", { countFiles: true });
    const one = await ask("SELECT sum(amount) FROM orders WHERE order_month = '2026-02'", {
      countFiles: true,
    });
    expect([all.stats.filesRead, one.stats.filesRead]).toEqual([3, 1]);
    expect([all.stats.rowsRead, one.stats.rowsRead]).toEqual([300, 100]);
    expect(one.stats.bytesRead).toBeLessThan(all.stats.bytesRead);
  });

  test("table comments come from the definition", async () => {
    expect(await rows("SHOW CREATE TABLE shop_hudi.silver.orders")).toEqual([
      [expect.stringContaining("COMMENT 'An order'")],
    ]);
  });

  test("nobody writes through Trino", async () => {
    for (const sql of [
      "DELETE FROM visits",
      "DROP TABLE visits",
      "DROP TABLE bronze.orders",
      "INSERT INTO shop_delta.ops.runs VALUES 9",
      "CREATE TABLE silver.mine AS SELECT 1 AS one",
    ]) {
      await expect(ask(sql)).rejects.toMatchObject({
        message: expect.stringMatching(/Access Denied|not support/),
      });
    }
  });
});

describe("isolation", () => {
  test("is proven for every tenant and relation", async () => {
    const report = await checkIsolation(trino, shop, TENANTS);
    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({
      tenants: 3,
      relations: 6,
      rows: 3 + 300 + 300 + 3,
      rowsByTenant: { "1": 202, "2": 202, "3": 202 },
    });
    expect(report.refusalsTried).toBeGreaterThan(30);
  });

  test("the proof fails when a row filter is missing, a column is shown or quarantine is open", async () => {
    const rules = rulesOf(described) as { tables: Record<string, unknown>[] };
    const open = (change: (rule: Record<string, unknown>) => Record<string, unknown>) => ({
      ...rules,
      tables: rules.tables.map((rule) =>
        rule.user === "tenant_2" && rule.table === "orders" ? change(rule) : rule,
      ),
    });
    const problemsUnder = async (changed: unknown) => {
      lake.writeRules(changed);
      await new Promise((resolve) => setTimeout(resolve, RULES_IN_FORCE_MS));
      return (await checkIsolation(trino, shop, TENANTS)).problems;
    };
    try {
      expect(await problemsUnder(open((rule) => ({ ...rule, filter: "TRUE" })))).toEqual([
        "tenant_2 sees 100 rows of tenant 1 in silver.orders",
        "tenant_2 sees 100 rows of tenant 3 in silver.orders",
      ]);
      expect(await problemsUnder(open((rule) => ({ ...rule, columns: [] })))).toEqual([
        "tenant_2 is shown silver.orders._lw_committed_at",
        "tenant_2 is shown silver.orders._lw_order",
        "tenant_2 is shown silver.orders.note",
      ]);
      expect(
        await problemsUnder(
          open((rule) => ({ ...rule, schema: "silver|quarantine", filter: "TRUE" })),
        ),
      ).toEqual(expect.arrayContaining(['tenant_2 may run SELECT 1 FROM quarantine."orders"']));
    } finally {
      lake.writeRules(rules);
      await new Promise((resolve) => setTimeout(resolve, RULES_IN_FORCE_MS));
    }
  });

  test("the same filter holds in the catalogs that tables are redirected to", async () => {
    for (const table of ["shop_hudi.silver.orders", "shop_delta.silver.visits"]) {
      expect(
        await rows(`SELECT count(*), min(tenant_id), max(tenant_id) FROM ${table}`, "tenant_2"),
      ).toEqual([[100, 2, 2]]);
    }
    expect(await rows("SELECT count(*) FROM countries", "tenant_2")).toEqual([[5]]);
  });

  test("SELECT * leaves out what the user may not read", async () => {
    const { columns } = await ask("SELECT * FROM orders LIMIT 1", { user: "tenant_2" });
    expect(columns.map(({ name }) => name).sort()).toEqual([
      "address",
      "amount",
      "counts",
      "due_on",
      "id",
      "order_month",
      "ordered_at",
      "tags",
      "tenant_id",
    ]);
  });

  test("analysts read every tenant's rows, without personal columns", async () => {
    expect(await rows("SELECT count(*), count(DISTINCT tenant_id) FROM orders", "analyst")).toEqual(
      [[300, 3]],
    );
    await expect(rows("SELECT note FROM orders", "analyst")).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
    await expect(rows("SELECT id FROM quarantine.orders", "analyst")).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
  });

  test.each([
    'SELECT "$path" FROM orders',
    'SELECT "$path" FROM visits',
    'SELECT "$partition" FROM orders',
    'SELECT "$file_size" FROM visits',
    'SELECT "$file_modified_time" FROM orders',
    'SELECT * FROM shop_hudi.silver."orders$timeline"',
    'SELECT * FROM silver."orders$partitions"',
    'SELECT * FROM shop_delta.silver."visits$history"',
    'SELECT * FROM shop_delta.silver."visits$properties"',
    'SELECT * FROM shop_delta.silver."visits$partitions"',
    'SELECT * FROM shop_delta.silver."visits$transactions"',
    "SELECT * FROM TABLE(shop_delta.system.table_changes(schema_name => 'silver', table_name => 'visits', since_version => 0))",
    "SELECT * FROM system.runtime.queries",
    "SELECT * FROM system.metadata.catalogs",
    "SELECT * FROM system.jdbc.tables",
    "CALL system.runtime.kill_query(query_id => 'x', message => 'y')",
    "CALL shop_delta.system.unregister_table('silver', 'visits')",
    "SHOW CREATE TABLE orders",
    "SET SESSION shop_hudi.columns_to_hide = ARRAY['id']",
    "SET SESSION query_max_run_time = '1h'",
    "CREATE VIEW silver.mine AS SELECT 1 AS one",
    "SELECT id FROM quarantine.orders",
    "SELECT id FROM ops.runs",
    "SELECT id FROM bronze.orders",
  ])("a tenant may not: %s", async (sql) => {
    await expect(rows(sql, "tenant_2")).rejects.toMatchObject({
      message: expect.stringMatching(/Access Denied|not visible/),
    });
  });

  test("a tenant lists only silver and gold, and statistics say nothing of others", async () => {
    expect(await rows("SHOW SCHEMAS", "tenant_2")).toEqual([["gold"], ["silver"]]);
    expect(await rows("SHOW STATS FOR visits", "tenant_2")).toContainEqual([
      "amount",
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  test("a predicate of the tenant's is not evaluated on rows of others", async () => {
    for (const table of ["orders", "visits"]) {
      expect(
        await rows(`SELECT count(*) FROM ${table} WHERE 10 / (tenant_id - 1) > 0`, "tenant_2"),
      ).toEqual([[100]]);
    }
  });

  test("queries of others can be neither seen nor ended, and unknown users run none", async () => {
    await ask("SELECT 'of the admin'");
    const response = await fetch(`${trino.address}/v1/query`, {
      headers: { "X-Trino-User": "tenant_2" },
    });
    const seen = (await response.json()) as { session: { user: string } }[];
    expect([...new Set(seen.map(({ session }) => session.user))]).toEqual(["tenant_2"]);
    await expect(rows("SELECT 1", "tenant_9")).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    await expect(rows("SELECT 1", "postgres")).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  });
});

test("a tenant whose id is any text is a user like the others", async () => {
  const tenants = ["Acme & Co", "Łódź|.*", "3"];
  const shared = shop.manifest.tables.filter(({ name }) => name === "countries");
  const manifest = { ...shop.manifest, tables: shared, models: [] };
  lake.writeRules(trinoAccessRules([{ lake: { ...shop, manifest }, tenants }]));
  await new Promise((resolve) => setTimeout(resolve, RULES_IN_FORCE_MS));
  for (const user of tenants.map(tenantUser)) {
    expect(await rows("SELECT current_user, (SELECT count(*) FROM countries)", user)).toEqual([
      [user, 5],
    ]);
  }
  for (const user of ["tenant_Acme", "tenant_Acme%20%26%20Cola", "tenant_x"]) {
    await expect(rows("SELECT 1", user)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  }
  await publish();
});

describe("freshness", () => {
  test("commits, new partitions, new columns and errors are visible at once", async () => {
    expect(await rows("SELECT count(*) FROM visits")).toEqual([[300]]);
    described = await lake.phase("evolve");
    // Delta needs no registration; a Hudi partition does.
    expect(await rows("SELECT count(*), count(channel) FROM visits")).toEqual([[310, 20]]);
    registerPartitions(lake.paths, ["silver.orders"]);
    expect(await rows("SELECT count(*) FROM orders WHERE order_month = '2026-09'")).toEqual([[20]]);
    await expect(rows("SELECT channel FROM orders")).rejects.toMatchObject({
      code: "COLUMN_NOT_FOUND",
    });
    await publish();
    expect(await rows("SELECT count(channel) FROM orders")).toEqual([[20]]);
    for (const table of ["orders", "visits"]) {
      await expect(rows(`SELECT channel FROM ${table}`, "tenant_2")).rejects.toMatchObject({
        code: "PERMISSION_DENIED",
      });
    }
    const report = await checkIsolation(trino, shop, TENANTS);
    expect(report.problems).toEqual([]);
  });

  test("a table that was replaced whole shows its new rows alone, and deleted rows are gone", async () => {
    await lake.phase("replace");
    for (const table of ["orders", "visits"]) {
      expect(await rows(`SELECT count(*), min(id), max(id) FROM ${table}`)).toEqual([
        [90, 11, 100],
      ]);
    }
  });
});

test("bronze as CSV reads loads and changes without their headers, quoted values too", async () => {
  const folder = join(lake.paths.bronze, "e0001", "public", "visits");
  const header = "Op,dms_timestamp,dms_change_seq,id,tenant_id,note,amount,BI_id\n";
  const write = (name: string, line: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), gzipSync(header + line));
  };
  write("LOAD00000001.csv.gz", 'I,2026-01-01 00:00:00.000000,,1,2,"a, ""b""",1.50,__null__\n');
  write("2026/01/02/20260102-000000001.csv.gz", "U,2026-01-02 00:00:00.000000,7,1,2,,2.50,1\n");
  registerBronze({ ...shop, manifest: { ...shop.manifest, bronze_format: "csv" } }, lake.paths);
  expect(
    await rows(
      "SELECT op, dms_change_seq, CAST(id AS bigint), note, amount, bi_id FROM bronze.visits ORDER BY 1",
    ),
  ).toEqual([
    ["I", "", 1, 'a, "b"', "1.50", "__null__"],
    ["U", "7", 1, "", "2.50", "1"],
  ]);
});
