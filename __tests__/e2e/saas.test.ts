/** The SaaS lake from an empty state through the command line, with real engines, at small scale. */
import { rmSync } from "node:fs";

import { namedQueries } from "../../lakes/query-library";
import { lakeCli } from "./lake-cli";

const MINUTES = 60_000;

const { lake, rows, home } = lakeCli();

beforeAll(async () => {
  await lake(["demo", "--scale", "small", "--keep"]);
  await lake(["up"]);
}, 20 * MINUTES);

afterAll(async () => {
  await lake(["down"]);
  rmSync(home, { recursive: true, force: true });
}, 2 * MINUTES);

test(
  "silver with its quarantine equals the source",
  async () => {
    expect(await lake(["verify"])).not.toContain("DIFFERENT");
  },
  5 * MINUTES,
);

test(
  "a change made behind the lake's back is found by its key",
  async () => {
    await lake([
      "source",
      "query",
      "UPDATE core_product SET stock_quantity = stock_quantity + 1 WHERE id = 1",
    ]);
    expect(await lake(["verify"], 1)).toContain("core_product");
  },
  5 * MINUTES,
);

test(
  "a pass applies what a live application did, and accounts for every row",
  async () => {
    await lake(["workload", "--rate", "100", "--for", "5", "--seed", "7"]);
    await lake(["run"]);
    expect(await lake(["verify"])).not.toContain("DIFFERENT");
    const wrong = await rows(
      "SELECT * FROM ops.runs WHERE layer = 'silver' AND read <> applied + superseded + ignored + quarantined",
    );
    expect(wrong).toEqual([]);
  },
  10 * MINUTES,
);

test(
  "gold that was refreshed by groups equals gold that is rebuilt",
  async () => {
    const sum = () =>
      rows("SELECT count(*) AS n, sum(net_revenue) AS revenue FROM gold.revenue_daily");
    const refreshed = await sum();
    const rebuilt = await lake(["gold", "--rebuild"]);
    expect(rebuilt).not.toContain("failed");
    expect(await sum()).toEqual(refreshed);
  },
  10 * MINUTES,
);

test(
  "every named query runs and gives rows or rightly none",
  async () => {
    for (const { name } of namedQueries("saas")) {
      expect(Array.isArray(await rows(name))).toBe(true);
    }
  },
  10 * MINUTES,
);

test(
  "a tenant sees its own rows only, and no bookkeeping",
  async () => {
    const seen = await rows("SELECT DISTINCT tenant_id FROM silver.core_order", "--as", "tenant_3");
    expect(seen).toEqual([{ tenant_id: 3 }]);
    await lake(["query", "SELECT 1 FROM quarantine.core_order", "--as", "tenant_3"], 1);
  },
  2 * MINUTES,
);

test(
  "status says where every table stands",
  async () => {
    const { tables } = JSON.parse(await lake(["status", "--json"])) as {
      tables: { table: string; sourceRows: number; silverRows: number; quarantinedRows: number }[];
    };
    expect(tables).toHaveLength(8);
    for (const { sourceRows, silverRows, quarantinedRows } of tables) {
      expect(silverRows + quarantinedRows).toBe(sourceRows);
    }
  },
  2 * MINUTES,
);

test(
  "the compiled schema is not stale",
  async () => {
    expect(await lake(["compile", "--check"])).toContain("up to date");
  },
  5 * MINUTES,
);
