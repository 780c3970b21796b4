/** AutoCorp through the command line, with real engines: a database and files into Hudi and Delta. */
import { lakeCli, MINUTES } from "./lake-cli";

const cli = lakeCli("autocorp");
const { lake, rows } = cli;
const source = (sql: string) => lake(["source", "query", sql]);
const count = async (sql: string) => Number((await rows(sql))[0]!.n);

beforeAll(async () => {
  await lake(["up"]);
  await lake(["seed", "--scale", "small"]);
  await lake(["drop", "customers", "--rows", "500"]);
  await lake(["drop", "sales-orders", "--rows", "50", "--files", "2"]);
  await lake(["run", "--prepare"]);
}, 20 * MINUTES);

test(
  "rows of database and files stand in one table, in both formats, every row accounted for",
  async () => {
    await cli.expectEqualToSource();
    for (const table of ["customers", "sales_order"]) {
      const from = `FROM silver.${table} WHERE _lw_file IS`;
      expect(await count(`SELECT count(*) AS n ${from} NULL`)).toBeGreaterThan(50);
      expect(await count(`SELECT count(*) AS n ${from} NOT NULL`)).toBeGreaterThan(50);
    }
    await cli.expectEveryRowAccountedFor();
  },
  5 * MINUTES,
);

test(
  "lines that are no rows are told with file, line and reason",
  async () => {
    const bad = await rows(
      "SELECT file, line, cardinality(reasons) AS reasons, text FROM quarantine.customers_lines",
    );
    expect(bad.length).toBeGreaterThan(0);
    for (const { file, line, reasons, text } of bad) {
      expect(file).toBe("customers.csv");
      expect(line).toBeGreaterThan(1);
      expect(reasons).toBeGreaterThan(0);
      expect(text).toContain(",");
    }
  },
  2 * MINUTES,
);

test(
  "a column added to a table of the running source is in silver without a hand's touch",
  async () => {
    await source("ALTER TABLE service ADD COLUMN warranty_months integer");
    await source("UPDATE service SET warranty_months = 24 WHERE service_id <= 3");
    await lake(["run"]);
    const withIt = "SELECT count(*) AS n FROM silver.service WHERE warranty_months = 24";
    expect(await count(withIt)).toBe(3);
  },
  5 * MINUTES,
);

test(
  "a table goes back to a version, waits, and goes on",
  async () => {
    const [newest] = JSON.parse(await lake(["history", "service", "--json"])) as {
      version: string;
    }[];
    const before = String(Number(newest!.version) - 1);
    const warranties = "SELECT count(*) AS n FROM silver.service WHERE warranty_months IS NOT NULL";
    await lake(["rollback", "service", "--to", before, "--yes"]);
    expect(await count(warranties)).toBe(0);
    expect(await lake(["run", "--no-replicate"])).toMatch(/service +held/);
    await lake(["resume", "service", "--from", "rollback"]);
    await lake(["run", "--no-replicate"]);
    expect(await count(warranties)).toBe(3);
  },
  10 * MINUTES,
);

test(
  "a column renamed at the running source is another from then on, and one that is dropped stays as it was",
  async () => {
    await source("ALTER TABLE service RENAME COLUMN warranty_months TO warranty_period");
    await source("UPDATE service SET warranty_period = 36 WHERE service_id = 1");
    const differences = await lake(["schema", "diff"], 1);
    expect(differences).toMatch(/warranty_period .* flows through/);
    expect(differences).toMatch(/warranty_months .* break .* in silver alone/);
    await lake(["run"]);
    const warranties = () =>
      rows(
        "SELECT service_id AS id, warranty_months AS old, warranty_period AS new FROM silver.service WHERE service_id <= 2 ORDER BY 1",
      );
    expect(await warranties()).toEqual([
      { id: 1, old: null, new: 36 },
      { id: 2, old: 24, new: null },
    ]);
    await source("ALTER TABLE service DROP COLUMN warranty_period");
    await source("UPDATE service SET is_active = is_active WHERE service_id = 2");
    await lake(["run"]);
    expect(await warranties()).toEqual([
      { id: 1, old: null, new: 36 },
      { id: 2, old: null, new: null },
    ]);
    await cli.expectEqualToSource();
  },
  10 * MINUTES,
);

test(
  "an order of sixty lines, a record that several change at once and a row of nulls arrive whole",
  async () => {
    await source(`WITH placed AS (
  INSERT INTO sales_order (order_id, customer_id, channel, status, total_amount, order_date)
  VALUES (900001, 1, 'workshop', 'paid', 600, CURRENT_DATE) RETURNING order_id
)
INSERT INTO sales_order_parts (order_id, part_id, quantity, unit_price, line_total)
SELECT order_id, 1 + n % 40, 1, 10, 10 FROM placed, generate_series(1, 60) AS n`);
    await source("INSERT INTO customers (customer_id) VALUES (900001)");
    await Promise.all(
      [1, 2, 3, 4].map((n) =>
        source(`UPDATE customers SET street = '${n} Main Street' WHERE customer_id = 1`),
      ),
    );
    await lake(["run"]);
    const lines =
      "SELECT count(*) AS lines, sum(line_total) AS total FROM gold.fct_order_lines WHERE order_id = 900001";
    expect(await rows(lines)).toEqual([{ lines: 60, total: "600.00" }]);
    const inconsistent = "SELECT * FROM gold.order_total_check WHERE order_id = 900001";
    expect(await rows(inconsistent)).toEqual([]);
    await cli.expectEqualToSource();
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
