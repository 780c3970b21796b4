import { Command } from "commander";

import { plan } from "../../cli/commands/plan";
import { printShortHistories } from "../../cli/short-histories";
import type { Settings } from "../../stacks/settings";

jest.setTimeout(120_000);

let output: string;

beforeEach(() => {
  output = "";
  const write = (text: unknown) => (output += String(text)).length > 0;
  jest.spyOn(process.stdout, "write").mockImplementation(write);
  jest.spyOn(console, "log").mockImplementation((text = "") => void write(`${text}\n`));
});

afterEach(() => jest.restoreAllMocks());

const run = (...args: string[]) => {
  const program = new Command().exitOverride();
  plan.register(program);
  return program.parseAsync(["plan", ...args], { from: "user" });
};

test("what a stack would create is printed by component, then the quotas, the nearest first", async () => {
  await run("--stack", "dev");
  expect(output).toMatch(/^LakeBuckets saas-dev +aws:kms:Alias +\d+$/m);
  expect(output).toMatch(/^Job saas-dev +aws:cloudwatch:LogGroup +2$/m);
  expect(output).toMatch(/^\d+ resources$/m);
  expect(output).not.toContain("lakewright:");
  expect(output).toMatch(/^VPC +VPCs +1 +5 +20\.0 % +no$/m);
  expect(output).toMatch(
    /data filter SELECT permissions of a principal on a table +1 +100 \(fixed\) +1\.0 % +2026-11$/m,
  );
});

test("with so many tenants, each adds the same, and the quota that they pass is named", async () => {
  const plans = [];
  for (const tenants of [2, 3]) {
    output = "";
    await run("--tenants", String(tenants), "--json");
    plans.push(JSON.parse(output));
  }
  const roles = plans.map(
    ({ quotas }) => quotas.find(({ what }: { what: string }) => what === "roles").used,
  );
  expect(roles[1] - roles[0]).toBe(1);
  const grants = plans.map(
    ({ resources }) =>
      resources.find(
        ({ component, type }: { component: string; type: string }) =>
          component === "Governance saas-dev" && type.includes("permissions:"),
      ).count,
  );
  expect(grants[1]).toBeGreaterThan(grants[0]);
});

test("the account's stack is planned as well", async () => {
  await run("--stack", "account", "--sources");
  expect(output).toMatch(/^Account lakewright +aws:iam:Role +2$/m);
  expect(output).toContain("IAM/latest/UserGuide/reference_iam-quotas.html");
});

test("a stack that has no file is named", async () => {
  await expect(run("--stack", "staging")).rejects.toThrow("there is no Pulumi.staging.yaml");
});

test("a history that Hudi cuts short is told, and no other", async () => {
  await run("--stack", "dev");
  expect(output).not.toContain("short:");
  const lake = (freshness: number) => ({ freshnessMinutes: freshness, job: {} });
  const lakes = { saas: lake(6), autocorp: lake(15) };
  printShortHistories({ kind: "environment", environment: { lakes } } as unknown as Settings);
  expect(output.match(/^short: .*$/gm)).toEqual([
    "short: lake saas wants 7 days of history; its Hudi tables keep 1,500 commits, 6.3 days for a table with one every 6 minutes",
  ]);
});
