import { z } from "zod";

import { arn } from "./arn";
import { fileTransferSettings } from "./file-transfer-settings";

const days = z.int().min(1);

/** A database that is there. */
const database = z.strictObject({
  /** @default the name in the lake's definition */
  name: z.string().optional(),
  engine: z.enum(["postgres", "aurora-postgresql"]).optional(),
  /** Secret with `host`, `port`, `username` and `password`. */
  secretArn: arn,
  secretKeyArn: arn.optional(),
  tls: z.enum(["require", "verify-ca", "verify-full"]).optional(),
  /** PEM, for `verify-ca` and `verify-full`. */
  certificate: z.string().optional(),
  /** Its addresses, which replication may connect to. */
  cidrBlocks: z.array(z.string()).min(1),
  port: z.int().optional(),
});

/** A database on Amazon RDS of the lake's own, to try it with. */
const trial = z.strictObject({
  publicCidrBlocks: z.array(z.string()).optional(),
  instanceClass: z.string().optional(),
  storageGb: z.int().optional(),
});

const replication = z.strictObject({
  epoch: z.int().min(1).optional(),
  compute: z.enum(["instance", "serverless"]).optional(),
  instanceClass: z.string().optional(),
  storageGb: z.int().optional(),
  engineVersion: z.string().optional(),
  multiAz: z.boolean().optional(),
  maintenanceWindow: z.string().optional(),
  minCapacityUnits: z.int().optional(),
  maxCapacityUnits: z.int().optional(),
  captureDdl: z.boolean().optional(),
  largestValueKb: z.int().optional(),
});

const job = z.strictObject({
  workerType: z.enum(["G.1X", "G.2X", "G.4X", "G.8X"]).optional(),
  workers: z.int().optional(),
  executionClass: z.enum(["STANDARD", "FLEX"]).optional(),
  timeoutMinutes: z.int().min(1).optional(),
  /** A run that applies micro-batches for so long, instead of a run per interval. */
  watch: z
    .strictObject({ minutes: z.int().min(5), everySeconds: z.int().min(1).optional() })
    .optional(),
  tableMetrics: z.boolean().optional(),
});

const storage = z.strictObject({
  /** Where data is, once and for all: it does not move from the one to the other. */
  buckets: z.enum(["per-content", "one"]).optional(),
  encryption: z.enum(["kms", "s3"]).optional(),
  accessLogs: z.boolean().optional(),
  bronzeTransitions: z
    .strictObject({
      infrequentAccessDays: z.int().min(30).optional(),
      glacierInstantDays: days.optional(),
    })
    .refine(
      ({ infrequentAccessDays, glacierInstantDays }) =>
        infrequentAccessDays === undefined ||
        glacierInstantDays === undefined ||
        glacierInstantDays >= infrequentAccessDays + 30,
      {
        path: ["glacierInstantDays"],
        message: "expected 30 days more than infrequentAccessDays at least",
      },
    )
    .optional(),
  /** For all buckets, or for each that is named; the others have their default. */
  oldVersionDays: z
    .union([
      days,
      z.strictObject({
        bronze: days.optional(),
        silver: days.optional(),
        gold: days.optional(),
        ops: days.optional(),
        scripts: days.optional(),
      }),
    ])
    .optional(),
  resultDays: days.optional(),
  logDays: days.optional(),
});

/** ARNs: of roles and users that are this reader, or of who may take on the role that is made. */
const reader = z.strictObject({
  principals: z.array(arn).min(1).optional(),
  trusted: z.array(arn).min(1).optional(),
});

const crawlers = z.strictObject({
  layers: z
    .array(z.enum(["bronze", "silver", "gold"]))
    .min(1)
    .optional(),
  /** On demand, after each pass, or at AWS's `cron(…)`; a run of each is billed for 10 minutes. */
  when: z
    .union([z.enum(["onDemand", "afterRuns"]), z.string().regex(/^cron\(.+\)$/)])
    .default("onDemand"),
});

const queries = z.strictObject({
  teamCutoffBytes: z.int().optional(),
  analystCutoffBytes: z.int().optional(),
  tenantCutoffBytes: z.int().optional(),
  requesterPays: z.boolean().optional(),
});

const monitoring = z.strictObject({
  /** Whether a replication that stands still is a fault. */
  continuousReplication: z.boolean().optional(),
  bucketRequests: z.boolean().optional(),
  latencySeconds: z.int().optional(),
  staleMinutes: z.int().min(1).optional(),
  failedQueriesPerHour: z.int().optional(),
  scannedGbPerHour: z.number().optional(),
  bucketGb: z.number().optional(),
});

/** One lake's settings in an environment; what is left out has the component's default. */
export const lakeSettings = z.strictObject({
  source: z.union([z.strictObject({ trial }), z.strictObject({ database })]),
  replication: replication.prefault({}),
  /** What brings dropped files; without it, whoever has them puts them into bronze. */
  files: fileTransferSettings.optional(),
  /**
   * Stop replication before it is changed (`./lake dms stop`), and start it after `pulumi up`.
   * @default the definition's wanted freshness of silver
   */
  freshnessMinutes: z.int().min(1).optional(),
  /** The same of gold, which is refreshed with every pass unless this is longer. */
  goldFreshnessMinutes: z.int().min(1).optional(),
  /** What starts a pass: the wanted freshness, new objects in bronze, or somebody. */
  trigger: z.enum(["schedule", "arrival", "none"]).default("schedule"),
  job: job.prefault({}),
  storage: storage.prefault({}),
  catalogLayout: z.enum(["per-layer", "single"]).optional(),
  /** Rulesets of AWS Glue Data Quality on the catalog's tables, beside the job's own evaluation. */
  qualityRulesets: z.boolean().default(true),
  /** Crawlers beside the declared tables, none if absent. */
  crawlers: crawlers.optional(),
  /** Tenants that may read, by id: one line adds or off-boards one. */
  tenants: z.record(z.string(), reader).default({}),
  analysts: reader.optional(),
  team: reader.optional(),
  queries: queries.prefault({}),
  monitoring: monitoring.prefault({}),
});

export type LakeSettings = z.output<typeof lakeSettings>;
export type DatabaseSettings = z.output<typeof database>;
export type TrialSettings = z.output<typeof trial>;
