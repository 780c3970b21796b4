import type { Manifest } from "../manifest";
import type { DmsClass, TrialClass } from "./prices";

/** What of a lake's definition its cost depends on. */
export interface LakeShape {
  /** Hudi or Delta files that each silver table's rows are spread over. */
  readonly tableBuckets: readonly number[];
  readonly models: number;
  /** Days that replaced files stay readable by time travel. */
  readonly historyDays: number;
}

export function lakeShape({ tables, models, history_days }: Manifest): LakeShape {
  return {
    tableBuckets: tables.map(({ buckets }) => buckets),
    models: models.length,
    historyDays: history_days,
  };
}

/** Glue worker types, in DPUs. Source: AWS Glue developer guide, "Worker types". */
export const WORKER_DPUS = { "G.1X": 1, "G.2X": 2, "G.4X": 4, "G.8X": 8 } as const;
export type WorkerType = keyof typeof WORKER_DPUS;

/** Settings of a stack that decide its cost. */
export interface CostSettings {
  /** Minutes between two runs of silver. */
  readonly silverMinutes: number;
  /** Minutes between two runs that also refresh gold; at least `silverMinutes`. */
  readonly goldMinutes: number;
  /**
   * `scheduled`: a run per interval; `continuous`: one long-lived job; `cheapest`: whichever costs
   * less and keeps up.
   */
  readonly job: "scheduled" | "continuous" | "cheapest";
  /** What starts a scheduled run: the clock, or change files that have come. */
  readonly trigger: "clock" | "arrival";
  /** `FLEX` waits for spare capacity, minutes sometimes, and costs less. */
  readonly executionClass: "STANDARD" | "FLEX";
  readonly workerType: WorkerType;
  /** Workers, the driver's among them; Glue demands 2. */
  readonly workers: number;
  readonly crawlers: number;
  /** Runs of each crawler a day. */
  readonly crawlerRunsPerDay: number;
  /** `off`: no replication instance; the lake stays and can be queried. */
  readonly replication: "instance" | "serverless" | "off";
  readonly dmsClass: DmsClass;
  readonly dmsStorageGb: number;
  /** Capacity units on average (2 GB of memory each). */
  readonly serverlessUnits: number;
  readonly multiAz: boolean;
  /**
   * Hours a day that the replication instance exists. A DMS instance cannot be stopped, only
   * deleted; a stopped serverless replication is billed for 48 hours more, so this saves nothing.
   */
  readonly dmsHoursPerDay: number;
  /** Whether AWS DataSync brings dropped files. */
  readonly fileTransfer: boolean;
  /** Transfers a day that its schedule starts. */
  readonly transfersPerDay: number;
  /** Whether DMS has a public address, for a source that is reached by the internet. */
  readonly publicDms: boolean;
  readonly interfaceEndpoints: number;
  /** Availability zones that each interface endpoint is in. */
  readonly zones: number;
  readonly natGateways: number;
  /** What the lake's buckets are encrypted with: a key of their own, or Amazon S3's. */
  readonly encryption: "kms" | "s3";
  /** Customer managed keys beside the lake's: of alerts and of the trail. */
  readonly otherKeys: number;
  readonly secrets: number;
  /** Metrics that alarms watch: an alarm on the sum of three costs as three. */
  readonly alarmMetrics: number;
  readonly dashboards: number;
  /** Whether the job's metrics are sent for each table too; each one is billed. */
  readonly tableMetrics: boolean;
  /** Whether the buckets report their requests, 16 metrics each. */
  readonly requestMetrics: boolean;
  /** Whether CloudTrail records every read and write of the lake's objects. */
  readonly dataEvents: boolean;
  /** Days after which objects of bronze move to cheaper classes; never if absent. */
  readonly bronzeTransitions: {
    readonly infrequentAccessDays?: number | undefined;
    readonly glacierInstantDays?: number | undefined;
  };
  /** Days after which replaced versions of objects are deleted. */
  readonly oldVersionDays: { readonly silver: number; readonly gold: number };
  /** Class of the RDS source for trials; null without one. */
  readonly trialDatabase: TrialClass | null;
  readonly trialStorageGb: number;
}

/**
 * The dev stack: small, replication with a public address for a source on a laptop behind a tunnel,
 * as the references have it. Alarm metrics: those of
 * replication (3), of the state machines, freshness and quality (8), of the sizes of six buckets in
 * three classes (18), and of two workgroups (4).
 */
export const DEV_COST_SETTINGS: CostSettings = {
  silverMinutes: 60,
  goldMinutes: 60,
  job: "cheapest",
  trigger: "clock",
  executionClass: "STANDARD",
  workerType: "G.1X",
  workers: 2,
  crawlers: 0,
  crawlerRunsPerDay: 0,
  replication: "instance",
  dmsClass: "dms.t3.small",
  dmsStorageGb: 20,
  serverlessUnits: 1,
  multiAz: false,
  dmsHoursPerDay: 24,
  fileTransfer: false,
  transfersPerDay: 0,
  publicDms: true,
  interfaceEndpoints: 0,
  zones: 2,
  natGateways: 0,
  encryption: "kms",
  otherKeys: 2,
  secrets: 1,
  alarmMetrics: 33,
  dashboards: 1,
  tableMetrics: false,
  requestMetrics: false,
  dataEvents: true,
  bronzeTransitions: { infrequentAccessDays: 30, glacierInstantDays: 90 },
  oldVersionDays: { silver: 7, gold: 7 },
  trialDatabase: null,
  trialStorageGb: 20,
};

/** How much the lake holds and how it is used. */
export interface Volumes {
  /** Rows in all source tables. */
  readonly rows: number;
  /** Rows inserted, updated or deleted a day. */
  readonly changesPerDay: number;
  /** MB of dropped files a day that AWS DataSync brings, where it does. */
  readonly fileMbPerDay: number;
  /** How many files these are. */
  readonly filesPerDay: number;
  /** Days that a file stays in its folder at the file server: each transfer looks at all there are. */
  readonly fileDaysAtServer: number;
  /** Hours of a day in which changes come. */
  readonly activeHoursPerDay: number;
  /** Queries a day by each tenant. */
  readonly queriesPerDay: number;
  /** MB that a query reads on average; Athena bills 10 at least. */
  readonly mbPerQuery: number;
  readonly tenants: number;
  /** Months of changes that bronze holds. */
  readonly bronzeMonths: number;
}

/**
 * The size of reference 000: 0.5 million rows, 8 tenants, 100 GB scanned a month; and of the files of
 * reference 002: 1.2 million customers a day, and a file of orders an hour.
 */
export const DEFAULT_VOLUMES: Volumes = {
  rows: 545_000,
  changesPerDay: 20_000,
  fileMbPerDay: 150,
  filesPerDay: 25,
  fileDaysAtServer: 30,
  activeHoursPerDay: 24,
  queriesPerDay: 12,
  mbPerQuery: 34,
  tenants: 8,
  bronzeMonths: 12,
};

/** What nobody can know before the first month; replace each by what was measured. */
export interface CostAssumptions {
  /** Seconds until a Glue run has a Spark session and has found the new files. */
  readonly startSeconds: number;
  /** Seconds that a silver table with changes adds to a run. */
  readonly secondsPerTable: number;
  /** Seconds that a gold model adds to a run. */
  readonly secondsPerModel: number;
  /** Seconds that maintaining a table or model adds to the nightly run. */
  readonly secondsPerMaintained: number;
  /** Changed rows that one DPU applies a second, beyond the fixed seconds of a table. */
  readonly rowsPerSecondPerDpu: number;
  /** Bytes of a row in Parquet. */
  readonly bytesPerRow: number;
  /** Bytes of a row in a dropped file. */
  readonly bytesPerFileRow: number;
  /** Bytes of a change file before its first row: schema, statistics, footer. */
  readonly bytesPerChangeFile: number;
  /** Gold's size as a share of silver's. */
  readonly goldShare: number;
  /** PUT, COPY, POST and LIST requests of a commit: data files, log entries, change file, listings. */
  readonly putsPerCommit: number;
  /** GET and HEAD requests of a commit. */
  readonly getsPerCommit: number;
  /** PUT-class requests of a run on its own: listings of date folders, scripts. */
  readonly putsPerRun: number;
  readonly getsPerQuery: number;
  /** KMS calls per S3 request: bucket keys save most. */
  readonly kmsPerRequest: number;
  readonly transitionsPerRun: number;
  /** MB of logs of a scheduled run, and of one pass of a long-lived job. */
  readonly logMbPerRun: number;
  readonly logMbPerPass: number;
  /** Logs of replication, GB a month. */
  readonly dmsLogGb: number;
  /** Months that logs are kept. */
  readonly logMonths: number;
}

/**
 * Twice to three times what the laptop twin takes on 2 cores (FACTS: session and first job 10 to
 * 26 s, about 1 s a commit, eight tables in 12 s; 30 gold models in 21 s), because S3 answers
 * slower than a disk. Reference 000's 37 MB of compressed CSV for its rows give 70 bytes a row;
 * 1.2 million customers of the sample files are 150 MB. Maintenance rewrites small files: as a commit.
 */
export const ASSUMPTIONS: CostAssumptions = {
  startSeconds: 45,
  secondsPerTable: 3,
  secondsPerModel: 1.5,
  secondsPerMaintained: 3,
  rowsPerSecondPerDpu: 2_000,
  bytesPerRow: 80,
  bytesPerFileRow: 125,
  bytesPerChangeFile: 10_000,
  goldShare: 0.3,
  putsPerCommit: 25,
  getsPerCommit: 60,
  putsPerRun: 60,
  getsPerQuery: 40,
  kmsPerRequest: 0.05,
  transitionsPerRun: 15,
  logMbPerRun: 2,
  logMbPerPass: 0.05,
  dmsLogGb: 0.3,
  logMonths: 1,
};
