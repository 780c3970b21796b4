import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Journal } from "../../local/pipeline/journal";
import type { MaintenanceResult, ModelResult, TableResult } from "../../local/pipeline/results";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-"));
  path = join(folder, "journal.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const table = (status: TableResult["status"], error?: string) =>
  ({ table: "orders", status, error }) as TableResult;
const model = (status: ModelResult["status"], upserts: number, error?: string) =>
  ({ model: "daily", status, upserts, deletes: 0, error }) as ModelResult;

test("an error stays until a step over the table does not fail, also across restarts", () => {
  new Journal(path).noteSilver([table("failed", "a column is new")], false);
  new Journal(path).noteGold([model("failed", 0, "no such column")]);
  const journal = new Journal(path);
  expect(journal.of("silver.orders").error).toBe("a column is new");
  expect(journal.of("gold.daily").error).toBe("no such column");
  journal.noteSilver([table("idle")], false);
  journal.noteGold([model("refreshed", 5)]);
  expect(new Journal(path).of("silver.orders")).toEqual({ commits: 0 });
  expect(new Journal(path).of("gold.daily")).toEqual({ commits: 1 });
});

test("a table that is held since a rollback is told of until it goes on", () => {
  const journal = new Journal(path);
  journal.noteSilver([table("held")], false);
  expect(new Journal(path).of("silver.orders").error).toContain("./lake resume orders");
  journal.noteSilver([table("idle")], false);
  expect(new Journal(path).of("silver.orders").error).toBeUndefined();
});

test("it knows what was done last, and counts commits since maintenance", () => {
  const seen = new Date("2026-01-01T00:00:00Z");
  const journal = new Journal(path);
  journal.see(["silver.orders", "ops.runs"], seen);
  journal.see(["silver.orders"], new Date());
  expect(journal.of("silver.orders")).toEqual({
    maintainedAt: seen.toISOString(),
    relistedAt: seen.toISOString(),
  });
  journal.noteSilver([table("applied")], false);
  journal.noteSilver([table("applied")], false);
  journal.noteSilver([table("idle")], false);
  expect(journal.of("silver.orders").commits).toBe(2);
  const later = new Date("2026-01-02T00:00:00Z");
  const done = { layer: "silver", table: "orders", status: "maintained" } as MaintenanceResult;
  journal.noteMaintenance(
    [done, { ...done, layer: "ops", table: "runs", status: "failed" }],
    later,
  );
  journal.noteSilver([table("idle")], true, later);
  expect(new Journal(path).of("silver.orders")).toEqual({
    commits: 0,
    maintainedAt: later.toISOString(),
    relistedAt: later.toISOString(),
  });
  expect(new Journal(path).of("ops.runs").maintainedAt).toBe(seen.toISOString());
  journal.noteSilver([table("failed", "no")], true, new Date());
  expect(journal.of("silver.orders").relistedAt).toBe(later.toISOString());
});
