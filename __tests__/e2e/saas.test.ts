/** The SaaS lake from an empty state through the command line, with real engines, at small scale. */
import { lakeCli, MINUTES } from "./lake-cli";

const cli = lakeCli("saas");
const { lake, rows } = cli;

beforeAll(async () => {
  await lake(["demo", "--scale", "small", "--keep"]);
  await lake(["up"]);
}, 20 * MINUTES);

test(
  "silver with its quarantine equals the source",
  async () => {
    await cli.expectEqualToSource();
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
    await cli.expectEqualToSource();
    await cli.expectEveryRowAccountedFor();
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
    await cli.expectNamedQueriesToRun();
  },
  10 * MINUTES,
);

test(
  "a tenant sees its own rows only, and no bookkeeping",
  async () => {
    const sql = "SELECT DISTINCT tenant_id FROM silver.core_order";
    const seen = await lake(["query", sql, "--as", "tenant_3", "--json"]);
    expect(JSON.parse(seen)).toEqual([{ tenant_id: 3 }]);
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
