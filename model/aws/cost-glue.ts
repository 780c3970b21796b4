import { DAYS, HOURS, MINUTES, type Usage } from "./cost-month";
import {
  type CostAssumptions,
  type CostSettings,
  type LakeShape,
  type Volumes,
  WORKER_DPUS,
} from "./cost-settings";

/** Glue bills a run of a Spark job for a minute at least. Source: AWS Glue's pricing page. */
const LEAST_RUN_SECONDS = 60;
/** A crawler's run is billed for 10 minutes at least. Source: AWS Glue's pricing page. */
const LEAST_CRAWL_HOURS = 10 / 60;
/** DPUs of a crawler, as in the pricing page's example. */
const CRAWLER_DPUS = 2;

/** How the job runs in a month. */
export interface GluePlan {
  readonly mode: "scheduled" | "continuous";
  /** Runs, or passes of the long-lived job, that do silver alone. */
  readonly silverRuns: number;
  /** Those that refresh gold as well. */
  readonly goldRuns: number;
  /** Expected seconds of a run of silver alone, and of one with gold. */
  readonly silverSeconds: number;
  readonly goldSeconds: number;
  /** Runs of the nightly maintenance and of the weekly relisting; a long-lived job makes room. */
  readonly upkeepRuns: number;
  /** Tables that a run finds changes for. */
  readonly touchedTables: number;
  /** Hours of a month that workers are paid for. */
  readonly hours: number;
}

/** Plans the job's runs: by the intervals wanted, or as one long-lived job. */
export function gluePlan(
  lake: LakeShape,
  settings: CostSettings,
  volumes: Volumes,
  assumptions: CostAssumptions,
): GluePlan {
  const work = runWork(lake, settings, volumes, assumptions);
  const scheduled = scheduledPlan(settings, volumes, assumptions, work);
  if (settings.job === "scheduled") return scheduled;
  const keepsUp = scheduled.goldSeconds <= settings.silverMinutes * 60;
  if (settings.job === "cheapest" && keepsUp && scheduled.hours < HOURS) return scheduled;
  return continuousPlan(settings, work);
}

function scheduledPlan(
  settings: CostSettings,
  { activeHoursPerDay }: Volumes,
  { startSeconds }: CostAssumptions,
  work: RunWork,
): GluePlan {
  const share = settings.trigger === "arrival" ? activeHoursPerDay / 24 : 1;
  const goldRuns = (share * MINUTES) / settings.goldMinutes;
  const silverRuns = (share * MINUTES) / settings.silverMinutes - goldRuns;
  const silverSeconds = Math.max(LEAST_RUN_SECONDS, startSeconds + work.silver);
  const goldSeconds = Math.max(LEAST_RUN_SECONDS, startSeconds + work.silver + work.gold);
  // Each of them brings silver and gold up to date first.
  const nights = DAYS;
  const weeks = DAYS / 7;
  const upkeepSeconds = nights * (goldSeconds + work.maintenance) + weeks * goldSeconds;
  const passSeconds = silverRuns * silverSeconds + goldRuns * goldSeconds;
  const hours = (passSeconds + upkeepSeconds) / 3600;
  const runs = { silverRuns, goldRuns, silverSeconds, goldSeconds, upkeepRuns: nights + weeks };
  return { mode: "scheduled", ...runs, touchedTables: work.tables, hours };
}

/** One job that never ends; where its passes take longer than wanted, it makes fewer. */
function continuousPlan({ silverMinutes, goldMinutes }: CostSettings, work: RunWork): GluePlan {
  const silverSeconds = work.silver;
  const goldSeconds = work.silver + work.gold;
  const goldRuns = MINUTES / goldMinutes;
  const silverRuns = MINUTES / silverMinutes - goldRuns;
  const busy = (silverRuns * silverSeconds + goldRuns * goldSeconds) / 3600 / HOURS;
  const slower = Math.max(1, busy);
  return {
    mode: "continuous",
    silverRuns: silverRuns / slower,
    goldRuns: goldRuns / slower,
    silverSeconds,
    goldSeconds,
    upkeepRuns: 0,
    touchedTables: work.tables,
    hours: HOURS,
  };
}

interface RunWork {
  readonly silver: number;
  readonly gold: number;
  /** Beside those, at night. */
  readonly maintenance: number;
  readonly tables: number;
}

/** Seconds of work in a run, after its start. */
function runWork(
  lake: LakeShape,
  { silverMinutes, workerType, workers, replication, fileTransfer }: CostSettings,
  { changesPerDay, fileMbPerDay }: Volumes,
  assumptions: CostAssumptions,
): RunWork {
  const fileRowsPerDay = fileTransfer ? (fileMbPerDay * 1e6) / assumptions.bytesPerFileRow : 0;
  const rowsPerDay = (replication === "off" ? 0 : changesPerDay) + fileRowsPerDay;
  const changes = (rowsPerDay * silverMinutes) / (24 * 60);
  const tables = Math.min(lake.tableBuckets.length, changes);
  const rowsPerSecond = assumptions.rowsPerSecondPerDpu * WORKER_DPUS[workerType] * workers;
  return {
    tables,
    silver: tables * assumptions.secondsPerTable + changes / rowsPerSecond,
    gold: Math.min(1, changes) * lake.models * assumptions.secondsPerModel,
    maintenance: (lake.tableBuckets.length + lake.models) * assumptions.secondsPerMaintained,
  };
}

export function glueLines(settings: CostSettings, { mode, hours }: GluePlan): Usage[] {
  const { crawlers, crawlerRunsPerDay, executionClass, workers, workerType } = settings;
  // A job that never ends cannot wait for spare capacity.
  const isSpare = executionClass === "FLEX" && mode === "scheduled";
  const crawls = crawlers * crawlerRunsPerDay * (HOURS / 24);
  return [
    {
      service: "Glue",
      item: `job, ${mode}, ${workers} × ${workerType}`,
      quantity: hours * workers * WORKER_DPUS[workerType],
      price: isSpare ? "glueFlexDpuHour" : "glueDpuHour",
    },
    {
      service: "Glue",
      item: `${crawlers} crawlers, 10 minutes a run at least`,
      quantity: crawls * LEAST_CRAWL_HOURS * CRAWLER_DPUS,
      price: "crawlerDpuHour",
    },
  ];
}
