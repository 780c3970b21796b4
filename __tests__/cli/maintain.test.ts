import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Command } from "commander";

import { maintain } from "../../cli/commands/maintain";
import { run } from "../../cli/commands/run";
import { loadLake } from "../../lakes/load";
import { openLake } from "../../local/pipeline/open";
import { Pipeline } from "../../local/pipeline/pipeline";
import type { MaintenanceResult, Steps } from "../../local/pipeline/results";

jest.mock("../../local/pipeline/open");

const results: MaintenanceResult[] = [
  {
    layer: "silver",
    table: "core_order",
    status: "maintained",
    files_removed: 1200,
    bytes_removed: 3_400_000,
    seconds: 2.5,
    error: null,
  },
  {
    layer: "ops",
    table: "runs",
    status: "failed",
    files_removed: null,
    bytes_removed: null,
    seconds: 0.1,
    error: "the disk is full",
  },
];

let home: string;
let asked: unknown[];
const output: string[] = [];

beforeEach(() => {
  home = process.env.LAKEWRIGHT_HOME = mkdtempSync(join(tmpdir(), "maintain-"));
  asked = [];
  output.length = 0;
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, "write").mockImplementation((text) => output.push(String(text)) > 0);
  jest.spyOn(console, "log").mockImplementation((text) => output.push(`${text}\n`));
  const steps: Steps = {
    async step<T>(name: string, args = {}, onProgress?: (event: never) => void) {
      asked.push([name, args]);
      if (name === "maintain") results.forEach((result) => onProgress?.(result as never));
      return { tables: name === "maintain" ? results : [], rules: [], models: [], rows: [] } as T;
    },
  };
  const lake = loadLake("saas");
  jest.mocked(openLake).mockResolvedValue({
    lake,
    pipeline: new Pipeline(lake, steps),
    spark: { stop: async () => {}, stopOn: () => {} },
    [Symbol.asyncDispose]: async () => {},
  } as never);
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.LAKEWRIGHT_HOME;
  rmSync(home, { recursive: true, force: true });
});

async function lake(...args: string[]): Promise<void> {
  const program = new Command();
  for (const command of [maintain, run]) command.register(program);
  await program.parseAsync(args, { from: "user" });
}

test("maintain says what it removed, table by table, and fails where a table failed", async () => {
  await lake("maintain");
  expect(asked).toEqual([["maintain", {}]]);
  const text = output.join("");
  expect(text).toContain("maintain silver.core_order: 1,200 files removed, 3.4 MB (2.5 s)");
  expect(text).toContain("maintain ops.runs: the disk is full (0.1 s)");
  expect(text).toMatch(/silver\.core_order +maintained +1,200 +3\.4 MB +2\.5/);
  expect(text).toMatch(/ops\.runs +failed +- +- +0\.1/);
  expect(process.exitCode).toBe(1);
});

test("maintain takes tables by name and gives JSON", async () => {
  await lake("maintain", "silver.core_order", "--json");
  expect(asked).toEqual([["maintain", { tables: ["silver.core_order"] }]]);
  const json = output.filter((text) => text.startsWith("["));
  expect(JSON.parse(json.join(""))).toEqual(results);
});

test("run --relist has silver list all of bronze", async () => {
  await lake("run", "--no-replicate", "--relist");
  expect(asked).toContainEqual(["silver", { relist: true }]);
});
