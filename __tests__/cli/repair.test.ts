import { Command } from "commander";

import { diff } from "../../cli/commands/diff";
import { quality } from "../../cli/commands/quality";
import { resume } from "../../cli/commands/resume";
import { rollback } from "../../cli/commands/rollback";
import { loadLake } from "../../lakes/load";
import { openLake } from "../../local/pipeline/open";

jest.mock("../../local/pipeline/open");

const ROWS = [
  { kind: "changed", key: "7", columns: '[{"column":"status","from":"paid","to":"shipped"}]' },
  { kind: "added", key: "8", columns: '[{"column":"status","to":"pending"}]' },
  { kind: "removed", key: "9", columns: '[{"column":"status","from":"paid"}]' },
];
const VERDICT = { layer: "silver", kind: "dqdl", severity: "warn", value: 1, message: null };
const RULES = [
  { ...VERDICT, table: "core_order", rule: 'IsUnique "id"', outcome: "passed" },
  { ...VERDICT, table: "core_tenant", rule: "plan_known", outcome: "failed", kind: "row" },
].map((rule) => ({ ...rule, evaluated_at: "2026-11-22T01:02:03+00:00" }));
/** What the Spark application answers, by step. */
const ANSWERS: Record<string, (args: Record<string, unknown>) => unknown> = {
  diff: ({ from = "5", to = "5" }) => ({ from, to, added: 1, changed: 1, removed: 4, rows: ROWS }),
  rollback: () => ({ version: "6" }),
  resume: () => ({ from: "5", to: "3" }),
  standing: () => ({ rules: RULES }),
  quality: () => ({ rules: [] }),
};

let asked: unknown[];
let printed: string;
const publish = jest.fn();

beforeEach(() => {
  asked = [];
  printed = "";
  publish.mockReset();
  jest.spyOn(console, "log").mockImplementation((text) => void (printed += `${text}\n`));
  jest
    .spyOn(process.stdout, "write")
    .mockImplementation((text) => ((printed += String(text)), true));
  jest.mocked(openLake).mockImplementation(async (_, access) => {
    asked.push(access);
    return {
      lake: loadLake("saas"),
      pipeline: { publish },
      spark: {
        step: async (name: string, args: Record<string, unknown>) => {
          asked.push([name, args]);
          return ANSWERS[name]!(args);
        },
      },
      [Symbol.asyncDispose]: async () => {},
    } as never;
  });
});
afterEach(() => jest.restoreAllMocks());

async function lake(...args: string[]): Promise<void> {
  const program = new Command().exitOverride();
  for (const command of [diff, rollback, resume, quality]) command.register(program);
  await program.parseAsync(args, { from: "user" });
}

test("a diff says how many rows differ and how", async () => {
  await lake("diff", "core_order", "--from", "3", "--limit", "3");
  expect(asked).toEqual(["read", ["diff", { table: "silver.core_order", from: "3", limit: 3 }]]);
  expect(printed).toContain("silver.core_order from 3 to 5: 1 rows added, 1 changed, 4 removed");
  expect(printed).toMatch(/changed +7 +status: paid → shipped/);
  expect(printed).toMatch(/added +8 +status: pending/);
  expect(printed).toContain("and 3 more");
});

test("versions may be times, as a person writes them", async () => {
  await lake("diff", "gold.revenue_daily", "--from", "2026-01-01", "--to", "2026-01-02 05:00");
  expect(asked[1]).toEqual([
    "diff",
    expect.objectContaining({
      table: "gold.revenue_daily",
      from: "2026-01-01T00:00:00.000Z",
      to: "2026-01-02T05:00:00.000Z",
    }),
  ]);
});

test("a rollback shows what it takes back, asks, and publishes the table", async () => {
  await expect(lake("rollback", "core_order", "--to", "3")).rejects.toThrow(/add --yes/);
  expect(asked).not.toContainEqual(expect.arrayContaining(["rollback"]));
  await lake("rollback", "core_order", "--to", "3", "--yes");
  expect(asked).toContainEqual(["diff", { table: "silver.core_order", to: "3", limit: 5 }]);
  expect(asked).toContainEqual(["rollback", { table: "core_order", to: "3" }]);
  expect(publish).toHaveBeenCalledTimes(1);
  expect(printed).toContain("held: ./lake resume core_order");
});

test("gold is not taken back, for it follows from silver", async () => {
  await expect(lake("rollback", "gold.revenue_daily", "--to", "3")).rejects.toThrow(
    /made from silver: .*--rebuild/,
  );
  await expect(lake("resume", "nosuch", "--from", "now")).rejects.toThrow(
    /no table "nosuch"; expected one of core_tenant/,
  );
});

test.each([
  ["rollback", "replay", "goes on from 3"],
  ["now", "skip", "what was consumed up to 5"],
])("resume --from %s asks to %s", async (from, how, said) => {
  await lake("resume", "silver.core_order", "--from", from);
  expect(asked).toEqual(["write", ["resume", { table: "core_order", how }]]);
  expect(printed).toContain(said);
});

test("quality shows the newest verdicts, what fails first, with exit code 1", async () => {
  await lake("quality");
  expect(asked).toEqual(["read", ["standing", {}]]);
  expect(printed.indexOf("plan_known")).toBeLessThan(printed.indexOf("IsUnique"));
  expect(printed).toMatch(
    /silver\.core_tenant +plan_known +failed +warn +row by row +2026-11-22 01:02:03/,
  );
  expect(printed).toContain("1 of 2 quality rules hold");
  expect(process.exitCode).toBe(1);
});

test("of one table, judged anew, with history", async () => {
  await lake("quality", "--table", "silver.core_order", "--evaluate", "--history", "--json");
  expect(asked).toEqual([
    "write",
    ["quality", { tables: ["core_order"], only_changed: false }],
    ["standing", { last: 100 }],
  ]);
  expect(JSON.parse(printed)).toEqual([RULES[0]]);
  expect(process.exitCode).toBeUndefined();
  await expect(lake("quality", "--table", "nosuch")).rejects.toThrow(/no table or model "nosuch"/);
});
