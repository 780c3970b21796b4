import { checkSettings } from "./cost-checks";
import { glueLines, type GluePlan, gluePlan } from "./cost-glue";
import { DAYS, type Usage } from "./cost-month";
import { observationLines } from "./cost-observation";
import { replicationLines } from "./cost-replication";
import {
  ASSUMPTIONS,
  type CostAssumptions,
  type CostSettings,
  type LakeShape,
  type Volumes,
} from "./cost-settings";
import { requestsOf, storageLines } from "./cost-storage";
import { PRICES, type Prices } from "./prices";

/** One line of a month's bill. */
export interface CostLine extends Usage {
  /** What is counted: `DPU-hour`. */
  readonly unit: string;
  /** USD a unit. */
  readonly unitUsd: number;
  /** USD a month. */
  readonly usd: number;
}

/** What a lake costs a month, in USD: list prices, no free allotments, taxes or data transfer. */
export interface CostEstimate {
  readonly lines: readonly CostLine[];
  readonly byService: readonly { readonly service: string; readonly usd: number }[];
  readonly usd: number;
  /** How the job runs, and the seconds that its runs are expected to take. */
  readonly glue: GluePlan;
}

/** Everything that an estimate depends on. */
export interface CostInputs {
  readonly lake: LakeShape;
  readonly settings: CostSettings;
  readonly volumes: Volumes;
  /** @default ASSUMPTIONS */
  readonly assumptions?: CostAssumptions;
  /** @default PRICES */
  readonly prices?: Prices;
}

/**
 * Estimates a month's bill, once the first load is done.
 * @throws UserError naming the settings that cannot be.
 */
export function estimateCost(inputs: CostInputs): CostEstimate {
  const { lake, settings, volumes, assumptions = ASSUMPTIONS, prices = PRICES } = inputs;
  checkSettings(settings, volumes);
  const glue = gluePlan(lake, settings, volumes, assumptions);
  const requests = requestsOf(lake, settings, volumes, assumptions, glue);
  const fileGb = settings.fileTransfer ? (volumes.fileMbPerDay * DAYS) / 1000 : 0;
  const usage: Usage[] = [
    ...replicationLines(settings),
    { service: "DataSync", item: "files copied", quantity: fileGb, price: "datasyncGb" },
    ...glueLines(settings, glue),
    ...storageLines(lake, settings, volumes, assumptions, { glue, requests }),
    athena(volumes),
    ...observationLines(lake.tableBuckets.length, settings, assumptions, { glue, requests }),
  ];
  const lines = usage
    .filter(({ quantity }) => quantity > 0)
    .map((line) => priced(line, prices))
    .sort((a, b) => a.service.localeCompare(b.service));
  return { lines, byService: totals(lines), usd: sum(lines), glue };
}

/** Athena rounds a query that reads less up to this many MB. Source: Athena's pricing page. */
const LEAST_MB = 10;
const MB_PER_TB = 1024 * 1024;

function athena({ tenants, queriesPerDay, mbPerQuery }: Volumes): Usage {
  return {
    service: "Athena",
    item: "data scanned",
    quantity: (tenants * queriesPerDay * DAYS * Math.max(mbPerQuery, LEAST_MB)) / MB_PER_TB,
    price: "athenaTb",
  };
}

function priced(line: Usage, prices: Prices): CostLine {
  const { unit, usd: unitUsd } = prices[line.price];
  return { ...line, unit, unitUsd, usd: line.quantity * unitUsd };
}

function totals(lines: readonly CostLine[]): CostEstimate["byService"] {
  return [...new Set(lines.map(({ service }) => service))].map((service) => ({
    service,
    usd: sum(lines.filter((line) => line.service === service)),
  }));
}

function sum(lines: readonly CostLine[]): number {
  return lines.reduce((total, { usd }) => total + usd, 0);
}
