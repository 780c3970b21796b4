import { Command } from "commander";

import { cost } from "../../cli/commands/cost";
import { costInputs } from "../../cli/cost-inputs";
import { loadLake } from "../../lakes/load";
import { DEFAULT_VOLUMES, DEV_COST_SETTINGS } from "../../model/aws/cost-settings";

const lake = loadLake("saas");
let output: string;

beforeEach(() => {
  output = "";
  const write = (text: unknown) => (output += String(text)).length > 0;
  jest.spyOn(process.stdout, "write").mockImplementation(write);
  jest.spyOn(console, "log").mockImplementation((text) => void write(`${text}\n`));
});

afterEach(() => jest.restoreAllMocks());

jest.setTimeout(60_000);

const run = (...args: string[]) => {
  const program = new Command().exitOverride();
  cost.register(program);
  return program.parseAsync(["cost", ...args], { from: "user" });
};

test("without options the dev stack is estimated at the lake's wanted freshness", () => {
  const { settings, volumes } = costInputs(lake, {});
  expect(settings).toEqual(DEV_COST_SETTINGS);
  expect(volumes).toEqual(DEFAULT_VOLUMES);
  const fresh = { silver: 10, gold: 30 };
  const eager = { ...lake, definition: { ...lake.definition, freshnessMinutes: fresh } };
  expect(costInputs(eager, {}).settings).toMatchObject({ silverMinutes: 10, goldMinutes: 30 });
});

test("a stack's settings take the place of the dev stack's, and options go over both", () => {
  const stack = { ...DEV_COST_SETTINGS, workers: 5, multiAz: true, goldMinutes: 120 };
  const { settings } = costInputs(lake, { workers: 3, silver: 240 }, stack);
  expect(settings).toEqual({ ...stack, workers: 3, silverMinutes: 240, goldMinutes: 240 });
});

test("replication without a public address reads its secret by an endpoint", () => {
  const { settings } = costInputs(lake, { replication: "serverless" });
  expect(settings).toMatchObject({ publicDms: false, interfaceEndpoints: 1 });
  expect(costInputs(lake, { replication: "serverless", endpoints: 2 }).settings).toMatchObject({
    interfaceEndpoints: 2,
  });
});

test("a month is printed by service, with what each setting would change", async () => {
  await run("--tenants", "20");
  expect(output).toMatch(/^DMS +\d+\.\d\d$/m);
  expect(output).toMatch(/\d+\.\d\d USD a month/);
  expect(output).toMatch(/^freshness of 10 minutes +\d+\.\d\d +\+\d+\.\d\d$/m);
  expect(output).toMatch(/To be checked on AWS's pages.*: .*dms\.t3\.small/);
});

test("with --lines each line has its quantity and unit price", async () => {
  await run("--lines", "--workers", "4");
  expect(output).toMatch(/^Glue +job, scheduled, 4 × G\.1X +\d+ +DPU-hour +0\.44 +\d+\.\d\d$/m);
});

test("with --json other programs get inputs, lines and changes", async () => {
  await run("--rows", "1000", "--json");
  const { volumes, estimate, changes } = JSON.parse(output);
  expect(volumes.rows).toBe(1000);
  expect(estimate.lines[0]).toMatchObject({ service: "Athena", unit: "TB", unitUsd: 5 });
  expect(changes.length).toBeGreaterThan(10);
});

test("an option's value that there is not is named with those there are", async () => {
  await expect(run("--dms-class", "t3.huge")).rejects.toThrow(
    /--dms-class t3\.huge: expected dms\.t3\.micro, /,
  );
});

test("with --stack the settings and tenants of its file are estimated, with the components' defaults", async () => {
  await run("--stack", "prod", "--json");
  const { settings, volumes } = JSON.parse(output);
  expect(volumes.tenants).toBe(3);
  expect(settings).toEqual({
    silverMinutes: lake.definition.freshnessMinutes?.silver ?? 60,
    goldMinutes: lake.definition.freshnessMinutes?.silver ?? 60,
    job: "scheduled",
    trigger: "clock",
    executionClass: "STANDARD",
    workerType: "G.1X",
    workers: 3,
    crawlers: 0,
    crawlerRunsPerDay: 0,
    replication: "instance",
    dmsClass: "dms.t3.medium",
    dmsStorageGb: 50,
    serverlessUnits: 1,
    multiAz: true,
    dmsHoursPerDay: 24,
    fileTransfer: false,
    transfersPerDay: 0,
    publicDms: false,
    interfaceEndpoints: 1,
    zones: 2,
    natGateways: 0,
    encryption: "kms",
    otherKeys: 2,
    secrets: 0,
    alarmMetrics: expect.any(Number),
    dashboards: 1,
    tableMetrics: false,
    requestMetrics: false,
    dataEvents: true,
    bronzeTransitions: { infrequentAccessDays: 30, glacierInstantDays: 90 },
    oldVersionDays: { silver: 7, gold: 7 },
    trialDatabase: null,
    trialStorageGb: 20,
  });
});

test("a trial source counts with its two secrets, and options go over the stack's file", async () => {
  await run("--stack", "dev", "--tenants", "7", "--workers", "4", "--json");
  const { settings, volumes } = JSON.parse(output);
  expect(volumes.tenants).toBe(7);
  expect(settings).toMatchObject({
    workers: 4,
    dmsClass: "dms.t3.micro",
    publicDms: true,
    secrets: 2,
    trialDatabase: "db.t4g.micro",
  });
});

test("dev as committed costs at most half of reference 000's 165 USD, its trial source with it", async () => {
  await run("--stack", "dev", "--json");
  const { settings, estimate } = JSON.parse(output);
  expect(settings).toMatchObject({ silverMinutes: 60, trialDatabase: "db.t4g.micro" });
  expect(estimate.usd).toBeLessThanOrEqual(165 / 2);
});

test("a lake that the stack's file does not have is priced by the defaults, which is said", async () => {
  await run("--lake", "autocorp", "--stack", "dev");
  expect(output).toMatch(/\d+\.\d\d USD a month/);
  expect(output).toContain(
    "Pulumi.dev.yaml does not have autocorp: priced with the defaults and a database of yours.",
  );
  output = "";
  await run("--lake", "autocorp", "--stack", "dev", "--json");
  expect(JSON.parse(output).settings).toMatchObject({
    silverMinutes: 15,
    dmsClass: "dms.t3.medium",
    publicDms: true,
    fileTransfer: false,
    trialDatabase: null,
  });
});

test("a stack that is none of a lake's is told", async () => {
  await expect(run("--stack", "account")).rejects.toThrow("stack account has no lake");
});
