import { type CostInputs, estimateCost } from "./cost";
import type { CostSettings } from "./cost-settings";

/** What a month would cost with some settings changed. */
export interface SettingChange {
  readonly change: string;
  readonly settings: Partial<CostSettings>;
  /** USD a month with the change. */
  readonly usd: number;
  /** USD a month more than without it; negative: less. */
  readonly difference: number;
}

const CENT = 0.01;

/** What each setting would change, those that change nothing left out. */
export function settingChanges(inputs: CostInputs): SettingChange[] {
  const { usd: now } = estimateCost(inputs);
  return candidates(inputs.settings)
    .map(({ change, settings }) => {
      const { usd } = estimateCost({ ...inputs, settings: { ...inputs.settings, ...settings } });
      return { change, settings, usd, difference: usd - now };
    })
    .filter(({ difference }) => Math.abs(difference) >= CENT);
}

type Candidate = Pick<SettingChange, "change" | "settings">;

function candidates(settings: CostSettings): Candidate[] {
  return [...freshness(), ...work(settings), ...replication(settings), ...foundation()];
}

function freshness(): Candidate[] {
  const both = (minutes: number) => ({ silverMinutes: minutes, goldMinutes: minutes });
  return [
    { change: "freshness of a day", settings: both(24 * 60) },
    { change: "freshness of an hour", settings: both(60) },
    {
      change: "silver every 10 minutes, gold every hour",
      settings: { silverMinutes: 10, goldMinutes: 60 },
    },
    { change: "freshness of 10 minutes", settings: both(10) },
    {
      change: "silver every minute, gold every 10",
      settings: { silverMinutes: 1, goldMinutes: 10 },
    },
  ];
}

function work({ workers, job }: CostSettings): Candidate[] {
  const flex = {
    change: "runs that wait for spare capacity (FLEX)",
    settings: { executionClass: "FLEX" },
  } as const;
  return [
    { change: "one long-lived job", settings: { job: "continuous", executionClass: "STANDARD" } },
    ...(job === "continuous" ? [] : [flex]),
    { change: "runs when changes have come", settings: { job: "scheduled", trigger: "arrival" } },
    { change: "twice the workers", settings: { workers: workers * 2 } },
    { change: "workers of type G.2X", settings: { workerType: "G.2X" } },
    { change: "3 crawlers, daily", settings: { crawlers: 3, crawlerRunsPerDay: 1 } },
    { change: "3 crawlers, hourly", settings: { crawlers: 3, crawlerRunsPerDay: 24 } },
  ];
}

function replication({ interfaceEndpoints, replication, publicDms }: CostSettings): Candidate[] {
  const instance: Candidate[] = [
    { change: "DMS instance dms.t3.micro", settings: { dmsClass: "dms.t3.micro" } },
    { change: "DMS instance dms.t3.medium", settings: { dmsClass: "dms.t3.medium" } },
    {
      change: "DMS instance 8 hours a day (deleted and made again: it cannot be stopped)",
      settings: { dmsHoursPerDay: 8 },
    },
  ];
  const publicly = {
    change: "public DMS instance, without interface endpoints",
    settings: { publicDms: true, interfaceEndpoints: 0 },
  };
  const privately = {
    change: "private DMS, its secret by an interface endpoint",
    settings: { publicDms: false, interfaceEndpoints: Math.max(1, interfaceEndpoints) },
  };
  return [
    ...(replication === "instance" ? instance : []),
    { change: "replication off", settings: { replication: "off", publicDms: false } },
    {
      change: "DMS Serverless, its secret by an endpoint (stopped, it is billed 48 hours more)",
      settings: {
        replication: "serverless",
        publicDms: false,
        interfaceEndpoints: Math.max(1, interfaceEndpoints),
      },
    },
    { change: "DMS in two zones", settings: { multiAz: true } },
    ...(replication === "instance" ? [publicDms ? privately : publicly] : []),
    {
      change: "one more interface endpoint",
      settings: { interfaceEndpoints: interfaceEndpoints + 1 },
    },
    { change: "one zone instead of several", settings: { zones: 1 } },
    {
      change: "a NAT gateway instead",
      settings: { natGateways: 1, interfaceEndpoints: 0, publicDms: false },
    },
  ];
}

function foundation(): Candidate[] {
  return [
    { change: "Amazon S3's own keys for the lake", settings: { encryption: "s3" } },
    { change: "no data events in the trail", settings: { dataEvents: false } },
    {
      change: "replaced files deleted after a day",
      settings: { oldVersionDays: { silver: 1, gold: 1 } },
    },
    { change: "metrics of each table", settings: { tableMetrics: true } },
    { change: "request metrics of each bucket", settings: { requestMetrics: true } },
    { change: "no alarms", settings: { alarmMetrics: 0 } },
    { change: "a trial source, db.t4g.micro", settings: { trialDatabase: "db.t4g.micro" } },
  ];
}
