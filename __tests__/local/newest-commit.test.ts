import { mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DuckDBInstance } from "@duckdb/node-api";

import { newestCommits } from "../../local/replication/newest-commit";

let bronze: string;
beforeEach(() => {
  bronze = mkdtempSync(join(tmpdir(), "newest [commit]-"));
});
afterEach(() => rmSync(bronze, { recursive: true }));

/** Writes a bronze file whose rows were committed at these times. */
async function write(path: string, ...commits: string[]): Promise<void> {
  const file = join(bronze, path);
  mkdirSync(join(file, ".."), { recursive: true });
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const how = path.endsWith(".csv.gz") ? "FORMAT csv, HEADER, COMPRESSION gzip" : "FORMAT parquet";
  const rows = commits.map((at) => `('I', '${at}')`).join(", ");
  await connection.run(
    `COPY (SELECT * FROM (VALUES ${rows}) AS t("Op", dms_timestamp)) TO '${file}' (${how})`,
  );
  instance.closeSync();
  utimesSync(file, new Date(), new Date());
}

test("the newest change file tells when the newest change was committed, else the load", async () => {
  const load = "2026-01-01 08:00:00.000000";
  await write("orders/LOAD00000001.parquet", load, load);
  await write("orders/2026/01/01/20260101-090001000.parquet", "2026-01-01 09:00:00.100000");
  await write(
    "orders/2026/01/02/20260102-170000000.parquet",
    "2026-01-02 09:00:00.123456",
    "2026-01-02 08:59:00.000000",
  );
  await write("events/LOAD00000001.parquet", load);
  const folders = ["orders", "events", "nothing"].map((name) => join(bronze, name));
  expect(await newestCommits(folders)).toEqual(
    new Map([
      [folders[0], new Date("2026-01-02T09:00:00.123Z")],
      [folders[1], new Date("2026-01-01T08:00:00.000Z")],
    ]),
  );
});

test("a table whose bronze became CSV is told by its newest file all the same", async () => {
  await write("orders/2026/01/01/20260101-090000000.parquet", "2026-01-01 08:00:00.000000");
  await write("orders/2026/01/01/20260101-100000000.csv.gz", "2026-01-01 09:59:00.500000");
  await write("events/LOAD00000001.csv.gz", "2026-01-01 07:00:00.000000");
  const folders = ["orders", "events"].map((name) => join(bronze, name));
  expect([...(await newestCommits(folders)).values()]).toEqual([
    new Date("2026-01-01T09:59:00.500Z"),
    new Date("2026-01-01T07:00:00.000Z"),
  ]);
});
