/** AutoCorp through the command line, with real engines: a database and files into Hudi and Delta. */
import { rmSync } from "node:fs";

import { namedQueries } from "../../lakes/query-library";
import { lakeCli } from "./lake-cli";

const MINUTES = 60_000;
const AUTOCORP = ["--lake", "autocorp"];

const { lake, rows, home } = lakeCli();
const query = (sql: string) => rows(sql, ...AUTOCORP);
const count = async (sql: string) => Number((await query(sql))[0]!.n);

beforeAll(async () => {
  await lake(["up"]);
  await lake(["seed", "--scale", "small", ...AUTOCORP]);
  await lake(["drop", "customers", "--rows", "500"]);
  await lake(["drop", "sales-orders", "--rows", "50", "--files", "2"]);
  await lake(["run", "--prepare", ...AUTOCORP]);
}, 20 * MINUTES);

afterAll(async () => {
  await lake(["down"]);
  rmSync(home, { recursive: true, force: true });
}, 2 * MINUTES);

test(
  "rows of database and files stand in one table, in both formats, every row accounted for",
  async () => {
    expect(await lake(["verify", ...AUTOCORP])).not.toContain("DIFFERENT");
    for (const table of ["customers", "sales_order"]) {
      const from = `FROM silver.${table} WHERE _lw_file IS`;
      expect(await count(`SELECT count(*) AS n ${from} NULL`)).toBeGreaterThan(50);
      expect(await count(`SELECT count(*) AS n ${from} NOT NULL`)).toBeGreaterThan(50);
    }
    const wrong =
      "SELECT * FROM ops.runs WHERE layer = 'silver' AND read <> applied + superseded + ignored + quarantined";
    expect(await query(wrong)).toEqual([]);
  },
  5 * MINUTES,
);

test(
  "lines that are no rows are told with file, line and reason",
  async () => {
    const bad = await query(
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

const source = (sql: string) => lake(["source", "query", sql, ...AUTOCORP]);

test(
  "a column added to a table of the running source is in silver without a hand's touch",
  async () => {
    await source("ALTER TABLE service ADD COLUMN warranty_months integer");
    await source("UPDATE service SET warranty_months = 24 WHERE service_id <= 3");
    await lake(["run", ...AUTOCORP]);
    const withIt = "SELECT count(*) AS n FROM silver.service WHERE warranty_months = 24";
    expect(await count(withIt)).toBe(3);
  },
  5 * MINUTES,
);

test(
  "a table goes back to a version, waits, and goes on",
  async () => {
    const [newest] = JSON.parse(await lake(["history", "service", "--json", ...AUTOCORP])) as {
      version: string;
    }[];
    const before = String(Number(newest!.version) - 1);
    const warranties = "SELECT count(*) AS n FROM silver.service WHERE warranty_months IS NOT NULL";
    await lake(["rollback", "service", "--to", before, "--yes", ...AUTOCORP]);
    expect(await count(warranties)).toBe(0);
    expect(await lake(["run", "--no-replicate", ...AUTOCORP])).toMatch(/service +held/);
    await lake(["resume", "service", "--from", "rollback", ...AUTOCORP]);
    await lake(["run", "--no-replicate", ...AUTOCORP]);
    expect(await count(warranties)).toBe(3);
  },
  10 * MINUTES,
);

test(
  "a column renamed at the running source is another from then on, and one that is dropped stays as it was",
  async () => {
    await source("ALTER TABLE service RENAME COLUMN warranty_months TO warranty_period");
    await source("UPDATE service SET warranty_period = 36 WHERE service_id = 1");
    const differences = await lake(["schema", "diff", ...AUTOCORP], 1);
    expect(differences).toMatch(/warranty_period .* flows through/);
    expect(differences).toMatch(/warranty_months .* break .* in silver alone/);
    await lake(["run", ...AUTOCORP]);
    const warranties = () =>
      query(
        "SELECT service_id AS id, warranty_months AS old, warranty_period AS new FROM silver.service WHERE service_id <= 2 ORDER BY 1",
      );
    expect(await warranties()).toEqual([
      { id: 1, old: null, new: 36 },
      { id: 2, old: 24, new: null },
    ]);
    await source("ALTER TABLE service DROP COLUMN warranty_period");
    await source("UPDATE service SET is_active = is_active WHERE service_id = 2");
    await lake(["run", ...AUTOCORP]);
    expect(await warranties()).toEqual([
      { id: 1, old: null, new: 36 },
      { id: 2, old: null, new: null },
    ]);
    expect(await lake(["verify", ...AUTOCORP])).not.toContain("DIFFERENT");
  },
  10 * MINUTES,
);

test(
  "every named query runs and gives rows or rightly none",
  async () => {
    for (const { name } of namedQueries("autocorp")) {
      expect(Array.isArray(await query(name))).toBe(true);
    }
  },
  10 * MINUTES,
);
