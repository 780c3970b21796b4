import { loadLake } from "../../../lakes/load";
import { type CostEstimate, type CostInputs, estimateCost } from "../../../model/aws/cost";
import { settingChanges } from "../../../model/aws/cost-changes";
import {
  ASSUMPTIONS,
  type CostSettings,
  DEFAULT_VOLUMES,
  DEV_COST_SETTINGS,
  lakeShape,
  type Volumes,
} from "../../../model/aws/cost-settings";
import { PRICES } from "../../../model/aws/prices";
import { UserError } from "../../../model/errors";

const saas = lakeShape(loadLake("saas").manifest);

function inputs(settings: Partial<CostSettings> = {}, volumes: Partial<Volumes> = {}): CostInputs {
  return {
    lake: saas,
    settings: { ...DEV_COST_SETTINGS, ...settings },
    volumes: { ...DEFAULT_VOLUMES, ...volumes },
  };
}

const estimate = (settings?: Partial<CostSettings>, volumes?: Partial<Volumes>) =>
  estimateCost(inputs(settings, volumes));

/** USD a month of the lines whose item begins so; null where there is none. */
function usdOf({ lines }: CostEstimate, service: string, item: string): number | null {
  const found = lines.filter((line) => line.service === service && line.item.startsWith(item));
  return found.length === 0 ? null : found.reduce((sum, { usd }) => sum + usd, 0);
}

test("the SaaS lake's dev stack costs at most half of reference 000's 165 USD, hourly fresh", () => {
  const { usd, glue } = estimate();
  expect(DEV_COST_SETTINGS).toMatchObject({ silverMinutes: 60, goldMinutes: 60 });
  expect(glue.mode).toBe("scheduled");
  expect(usd).toBeLessThanOrEqual(165 / 2);
});

test("fresh silver by 10 minutes with hourly gold costs less than reference 000", () => {
  expect(estimate({ silverMinutes: 10 }).usd).toBeLessThan(165);
});

test("the total is the sum of its lines, each its quantity at the price file's price", () => {
  const { lines, byService, usd } = estimate({ trialDatabase: "db.t4g.micro", natGateways: 1 });
  for (const line of lines) {
    expect(line.usd).toBe(line.quantity * PRICES[line.price].usd);
    expect(line.unit).toBe(PRICES[line.price].unit);
  }
  const sum = (parts: readonly { usd: number }[]) => parts.reduce((all, part) => all + part.usd, 0);
  expect(usd).toBeCloseTo(sum(lines), 9);
  expect(usd).toBeCloseTo(sum(byService), 9);
});

test("a Glue run is billed for its expected seconds", () => {
  const { glue, ...rest } = estimate({}, { changesPerDay: 0 });
  // Nothing changed: the start alone, billed as a minute.
  expect(glue).toMatchObject({ goldRuns: 730, silverRuns: 0, goldSeconds: 60, touchedTables: 0 });
  const nights = 730 / 24;
  const maintained = 38 * ASSUMPTIONS.secondsPerMaintained;
  const upkeep = nights * (60 + maintained) + (nights / 7) * 60;
  expect(glue.upkeepRuns).toBeCloseTo(nights + nights / 7, 9);
  expect(usdOf({ glue, ...rest }, "Glue", "job")).toBeCloseTo(
    ((730 * 60 + upkeep) / 3600) * 2 * 0.44,
    9,
  );
  const busy = estimate({}, { changesPerDay: 24 * 8_000 }).glue;
  const seconds =
    ASSUMPTIONS.startSeconds +
    8 * ASSUMPTIONS.secondsPerTable +
    8_000 / (2 * ASSUMPTIONS.rowsPerSecondPerDpu) +
    30 * ASSUMPTIONS.secondsPerModel;
  expect(busy.goldSeconds).toBeCloseTo(seconds, 9);
});

test("gold less often than silver makes the other runs shorter", () => {
  const { glue } = estimate({ silverMinutes: 10, goldMinutes: 60 });
  expect(glue.goldRuns).toBe(730);
  expect(glue.silverRuns).toBe(3650);
  expect(glue.silverSeconds).toBeLessThan(glue.goldSeconds);
});

test("the long-lived job is taken where runs would not keep up, and only there", () => {
  expect(estimate({ silverMinutes: 10, goldMinutes: 10 }).glue.mode).toBe("scheduled");
  const minute = estimate({ silverMinutes: 1, goldMinutes: 1 });
  expect(minute.glue).toMatchObject({ mode: "continuous", hours: 730 });
  expect(usdOf(minute, "Glue", "job")).toBeCloseTo(730 * 2 * 0.44, 9);
  // Passes of 69 s cannot come every minute.
  expect(minute.glue.goldRuns).toBeCloseTo((730 * 3600) / minute.glue.goldSeconds, 6);
  expect(usdOf(minute, "Step Functions", "")).toBeNull();
  const asked = estimate({ silverMinutes: 1, goldMinutes: 1, job: "scheduled" });
  expect(asked.glue.mode).toBe("scheduled");
});

test("runs that wait for changes stand still in the hours without any", () => {
  const quiet = { activeHoursPerDay: 6 };
  expect(estimate({ trigger: "arrival" }, quiet).glue.goldRuns).toBe(730 / 4);
  expect(estimate({ trigger: "clock" }, quiet).glue.goldRuns).toBe(730);
});

test("a crawler's run is billed for 10 minutes of 2 DPUs", () => {
  const crawled = estimate({ crawlers: 3, crawlerRunsPerDay: 24 });
  expect(usdOf(crawled, "Glue", "3 crawlers")).toBeCloseTo(3 * 730 * (10 / 60) * 2 * 0.44, 9);
});

test("a query is billed for 10 MB at least", () => {
  const queries = { tenants: 4, queriesPerDay: 10 };
  const usd = (mbPerQuery: number) =>
    usdOf(estimate({}, { ...queries, mbPerQuery }), "Athena", "data scanned");
  const month = (40 * 730) / 24;
  expect(usd(1)).toBeCloseTo((month * 10 * 5) / 1024 ** 2, 9);
  expect(usd(200)).toBeCloseTo((month * 200 * 5) / 1024 ** 2, 9);
});

test("an interface endpoint is billed per zone and hour, traffic or not", () => {
  const usd = usdOf(estimate({ interfaceEndpoints: 3, zones: 2 }), "Network", "3 interface");
  expect(usd).toBeCloseTo(3 * 2 * 730 * 0.01, 9);
});

test("a NAT gateway and a public DMS instance pay for their addresses too", () => {
  const network = estimate({ natGateways: 1, publicDms: true });
  expect(usdOf(network, "Network", "public IPv4")).toBeCloseTo(2 * 730 * 0.005, 9);
});

test("a DMS instance is billed while it exists, twice in two zones", () => {
  expect(usdOf(estimate(), "DMS", "")).toBeCloseTo(730 * 0.036 + 20 * 0.115, 9);
  const doubled = estimate({ multiAz: true, dmsHoursPerDay: 12 });
  expect(usdOf(doubled, "DMS", "")).toBeCloseTo(730 * 0.036 + 20 * 0.115, 9);
});

test("a serverless replication that is stopped at night is billed on", () => {
  const serverless = { replication: "serverless", publicDms: false, serverlessUnits: 2 } as const;
  const all = usdOf(estimate(serverless), "DMS", "serverless");
  expect(all).toBeCloseTo(2 * 730 * 0.087, 9);
  expect(usdOf(estimate({ ...serverless, dmsHoursPerDay: 8 }), "DMS", "serverless")).toBe(all);
});

test("without replication nothing changes, and the lake stays", () => {
  const off = estimate({ replication: "off" });
  expect(usdOf(off, "DMS", "")).toBeNull();
  expect(off.glue.touchedTables).toBe(0);
  expect(usdOf(off, "S3", "silver and gold")).toBeGreaterThan(0);
});

test("small change files stay in S3 Standard, large ones move on", () => {
  const classes = (volumes: Partial<Volumes>) =>
    estimate({}, volumes)
      .lines.filter(({ item }) => item.startsWith("bronze"))
      .map(({ price }) => price);
  // The full load is one large file a table.
  expect(classes({})).toEqual(["s3StandardGb", "s3GlacierInstantGb"]);
  expect(classes({ changesPerDay: 5_000_000 })).toEqual([
    "s3StandardGb",
    "s3InfrequentGb",
    "s3GlacierInstantGb",
  ]);
});

test("files that commits replace are stored for time travel and as old versions", () => {
  const gb = (settings: Partial<CostSettings>) =>
    estimate(settings).lines.find(({ item }) => item.endsWith("replaced files"))!.quantity;
  // 24 times a day the whole lake: each table is one file, and every run changes each table.
  const day = (24 * DEFAULT_VOLUMES.rows * ASSUMPTIONS.bytesPerRow) / 1e9;
  const { historyDays } = saas;
  expect(gb({ oldVersionDays: { silver: 30, gold: 30 } })).toBeCloseTo(
    day * 1.3 * (historyDays + 30),
    6,
  );
  expect(gb({ oldVersionDays: { silver: 1, gold: 30 } })).toBeCloseTo(
    day * (historyDays + 1) + day * 0.3 * (historyDays + 30),
    6,
  );
});

test("dropped files are paid for by what DataSync copies, and then as bronze", () => {
  const files = (fileMbPerDay: number, fileTransfer = true) =>
    estimate({ fileTransfer }, { fileMbPerDay });
  expect(usdOf(files(150, false), "DataSync", "")).toBeNull();
  expect(usdOf(files(150), "DataSync", "files copied")).toBeCloseTo(
    ((150 * 730) / 24 / 1000) * 0.0125,
    9,
  );
  const gb = (price: string, mb: number) =>
    files(mb).lines.find((line) => line.price === price && line.item.startsWith("bronze"))
      ?.quantity ?? 0;
  const day = 150 / 1000;
  const more = (price: string) => gb(price, 150) - gb(price, 0);
  expect(more("s3StandardGb")).toBeCloseTo(30 * day, 9);
  expect(more("s3InfrequentGb")).toBeCloseTo(60 * day, 9);
  expect(more("s3GlacierInstantGb")).toBeCloseTo(275 * day, 9);
});

test("the rows of dropped files take the job's time", () => {
  const seconds = (fileTransfer: boolean) => estimate({ fileTransfer }).glue.goldSeconds;
  const rowsPerRun = 150e6 / ASSUMPTIONS.bytesPerFileRow / 24;
  expect(seconds(true) - seconds(false)).toBeCloseTo(
    rowsPerRun / (2 * ASSUMPTIONS.rowsPerSecondPerDpu),
    9,
  );
});

test("each transfer asks about every file that stays at the server, at its class's price", () => {
  const heads = (volumes: Partial<Volumes>) =>
    estimate({ fileTransfer: true, transfersPerDay: 24 }, volumes)
      .lines.filter(({ item }) => item.startsWith("HEAD"))
      .map(({ price, quantity }) => [price, Math.round(quantity * 1000)]);
  expect(heads({})).toEqual([["s3Get", 730 * 25 * 30]]);
  expect(heads({ fileDaysAtServer: 365 })).toEqual([
    ["s3Get", 730 * 25 * 30],
    ["s3InfrequentGet", 730 * 25 * 60],
    ["s3GlacierInstantGet", 730 * 25 * 275],
  ]);
  expect(heads({ fileDaysAtServer: 365, filesPerDay: 2_000 })).toEqual([
    ["s3Get", 730 * 2_000 * 365],
  ]);
  expect(heads({ fileDaysAtServer: 0 })).toEqual([]);
});

test("bronze is in the classes that the lake's settings move it to", () => {
  const gb = (bronzeTransitions: CostSettings["bronzeTransitions"]) =>
    Object.fromEntries(
      estimate({ bronzeTransitions }, { changesPerDay: 5_000_000 })
        .lines.filter(({ item }) => item.startsWith("bronze"))
        .map(({ price, quantity }) => [price, quantity]),
    );
  const load = (DEFAULT_VOLUMES.rows * ASSUMPTIONS.bytesPerRow) / 1e9;
  const never = gb({});
  const day = (never.s3StandardGb! - load) / 365;
  expect(Object.keys(never)).toEqual(["s3StandardGb"]);
  const glacier = gb({ glacierInstantDays: 90 });
  expect(glacier.s3StandardGb).toBeCloseTo(90 * day, 6);
  expect(glacier.s3GlacierInstantGb).toBeCloseTo(275 * day + load, 6);
  expect(glacier.s3InfrequentGb).toBeUndefined();
  expect(gb({ infrequentAccessDays: 30 }).s3InfrequentGb).toBeCloseTo(335 * day + load, 6);
});

test("Amazon S3's own keys cost nothing", () => {
  expect(usdOf(estimate({ encryption: "s3", otherKeys: 0 }), "KMS", "")).toBeNull();
  expect(usdOf(estimate(), "KMS", "keys")).toBe(3);
});

test("every S3 request is a data event, where the trail records them", () => {
  const requests = (item: string) =>
    estimate().lines.find((line) => line.service === "S3" && line.item === item)!.quantity * 1000;
  expect(usdOf(estimate(), "CloudTrail", "")).toBeCloseTo(
    ((requests("PUT, LIST") + requests("GET")) / 100_000) * 0.1,
    9,
  );
  expect(usdOf(estimate({ dataEvents: false }), "CloudTrail", "")).toBeNull();
});

test("spare capacity is paid at its own price", () => {
  const flex = usdOf(estimate({ executionClass: "FLEX" }), "Glue", "job")!;
  expect(flex / usdOf(estimate(), "Glue", "job")!).toBeCloseTo(0.29 / 0.44, 9);
});

test("each metric of a table and of a bucket is billed", () => {
  const usd = (settings: Partial<CostSettings>) =>
    usdOf(estimate(settings), "CloudWatch", "custom metrics");
  expect(usd({})).toBeCloseTo(13 * 0.3, 9);
  expect(usd({ tableMetrics: true })).toBeCloseTo((13 + 8 * 8) * 0.3, 9);
  expect(usd({ requestMetrics: true })).toBeCloseTo((13 + 6 * 16) * 0.3, 9);
});

test("settings that cannot be are refused, all at once", () => {
  const wrong = () =>
    estimate({ workers: 1, silverMinutes: 60, goldMinutes: 10 }, { rows: -1, tenants: NaN });
  expect(wrong).toThrow(UserError);
  expect(wrong).toThrow(/rows, tenants: expected 0 or more\n {2}workers: .*\n {2}goldMinutes: /);
  expect(() => estimate({ replication: "serverless", publicDms: true })).toThrow(/publicDms: /);
  expect(() => estimate({ executionClass: "FLEX", job: "continuous" })).toThrow(/FLEX/);
});

test("each change says what a month would cost with it", () => {
  const changes = settingChanges(inputs());
  const named = (name: string) => changes.find(({ change }) => change === name)!;
  const hourly = estimate().usd;
  for (const { settings, usd, difference } of changes) {
    expect(usd).toBe(estimate(settings).usd);
    expect(difference).toBeCloseTo(usd - hourly, 9);
  }
  expect(named("freshness of a day").difference).toBeLessThan(0);
  expect(named("3 crawlers, hourly").difference).toBeCloseTo(321.2, 2);
  expect(named("one more interface endpoint").difference).toBeCloseTo(2 * 7.3, 9);
  expect(named("metrics of each table").difference).toBeCloseTo(8 * 8 * 0.3, 9);
  expect(named("replication off").usd).toBeLessThan(hourly / 2);
  // What is so already is no change.
  expect(named("freshness of an hour")).toBeUndefined();
});

test("changes fit a stack with serverless or public replication", () => {
  const serverless = { replication: "serverless", publicDms: false } as const;
  for (const settings of [serverless, { publicDms: false }, { replication: "off" }] as const) {
    expect(settingChanges(inputs(settings)).length).toBeGreaterThan(10);
  }
});

test("every price has its page, and was compared with it or is marked", () => {
  for (const { usd, unit, source, confirmed } of Object.values(PRICES)) {
    expect(usd).toBeGreaterThan(0);
    expect(unit).not.toBe("");
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/.*pricing\/$/);
    if (confirmed !== null) expect(confirmed).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
  }
});
