import type { CostInputs } from "../model/aws/cost";
import {
  ASSUMPTIONS,
  type CostSettings,
  DEFAULT_VOLUMES,
  DEV_COST_SETTINGS,
  lakeShape,
  WORKER_DPUS,
  type WorkerType,
} from "../model/aws/cost-settings";
import { DMS_CLASSES } from "../model/aws/prices";
import { UserError } from "../model/errors";
import type { Lake } from "../model/lake";

/** Options of `./lake cost` that change what is estimated. */
export interface CostFlags {
  readonly rows?: number;
  readonly changesPerDay?: number;
  readonly fileMbPerDay?: number;
  readonly filesPerDay?: number;
  readonly fileDaysAtServer?: number;
  readonly queriesPerDay?: number;
  readonly mbPerQuery?: number;
  readonly tenants?: number;
  readonly silver?: number;
  readonly gold?: number;
  readonly job?: string;
  readonly workerType?: string;
  readonly workers?: number;
  readonly replication?: string;
  readonly dmsClass?: string;
  readonly endpoints?: number;
  readonly zones?: number;
  readonly crawlers?: number;
}

const REPLICATION = ["instance", "serverless", "off"] as const;
const WORKER_TYPES = Object.keys(WORKER_DPUS) as WorkerType[];

/**
 * What is estimated: a stack's settings, with the lake's wanted freshness and the options over them.
 * @throws UserError for an option whose value is none of those there are.
 */
export function costInputs(
  { definition, manifest }: Lake,
  flags: CostFlags,
  stack: CostSettings = {
    ...DEV_COST_SETTINGS,
    silverMinutes: definition.freshnessMinutes?.silver ?? DEV_COST_SETTINGS.silverMinutes,
    goldMinutes: definition.freshnessMinutes?.gold ?? DEV_COST_SETTINGS.goldMinutes,
  },
): CostInputs {
  const silverMinutes = flags.silver ?? stack.silverMinutes;
  const replication = oneOf("--replication", flags.replication, REPLICATION);
  const settings: Partial<CostSettings> = {
    silverMinutes,
    goldMinutes: flags.gold ?? Math.max(silverMinutes, stack.goldMinutes),
    job: oneOf("--job", flags.job, ["scheduled", "continuous", "cheapest"]),
    workerType: oneOf("--worker-type", flags.workerType, WORKER_TYPES),
    workers: flags.workers,
    replication,
    // Serverless replication has no public address: it reads its secret by an endpoint.
    ...(replication === "serverless" || replication === "off" ? { publicDms: false } : {}),
    dmsClass: oneOf("--dms-class", flags.dmsClass, DMS_CLASSES),
    interfaceEndpoints: flags.endpoints ?? (replication === "serverless" ? 1 : undefined),
    zones: flags.zones,
    crawlers: flags.crawlers,
    crawlerRunsPerDay: flags.crawlers === undefined ? undefined : 24,
  };
  const { rows, changesPerDay, queriesPerDay, mbPerQuery, tenants } = flags;
  const { fileMbPerDay, filesPerDay, fileDaysAtServer } = flags;
  const files = { fileMbPerDay, filesPerDay, fileDaysAtServer };
  const volumes = { rows, changesPerDay, ...files, queriesPerDay, mbPerQuery, tenants };
  return {
    lake: lakeShape(manifest),
    settings: over(stack, settings),
    volumes: over(DEFAULT_VOLUMES, volumes),
    assumptions: ASSUMPTIONS,
  };
}

/** An option's value, which must be one of those there are. */
function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  if (value === undefined || (known as readonly string[]).includes(value)) return value as T;
  throw new UserError(`${option} ${value}: expected ${known.join(", ")}`);
}

/** Values with those over them that are given. */
function over<T extends object>(values: T, given: Partial<T>): T {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...values, ...Object.fromEntries(entries) };
}
