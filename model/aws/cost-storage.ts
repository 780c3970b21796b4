import type { GluePlan } from "./cost-glue";
import { DAYS, type Usage } from "./cost-month";
import type { CostAssumptions, CostSettings, LakeShape, Volumes } from "./cost-settings";

const GB = 1e9;
/** S3 moves no object below this size to a cheaper class. Source: S3 user guide, lifecycle. */
const LEAST_MOVED_BYTES = 128 * 1024;
/** Months after which LakeBuckets moves bronze to Infrequent Access, and to Glacier Instant. */
const INFREQUENT_MONTHS = 1;
const GLACIER_MONTHS = 3;

/** S3 requests of a month. */
export interface Requests {
  /** PUT, COPY, POST and LIST. */
  readonly puts: number;
  /** GET and HEAD. */
  readonly gets: number;
}

export function requestsOf(
  lake: LakeShape,
  settings: CostSettings,
  volumes: Volumes,
  assumptions: CostAssumptions,
  glue: GluePlan,
): Requests {
  const { putsPerCommit, getsPerCommit, putsPerRun, getsPerQuery } = assumptions;
  const runs = glue.silverRuns + glue.goldRuns;
  const queries = volumes.tenants * volumes.queriesPerDay * DAYS;
  const commits = runs * glue.touchedTables + glue.goldRuns * lake.models;
  return {
    puts: commits * putsPerCommit + runs * putsPerRun + changeFiles(settings, glue),
    gets: commits * getsPerCommit + queries * getsPerQuery,
  };
}

/** Change files that DMS writes a month: one per table with changes and interval. */
function changeFiles({ replication }: CostSettings, glue: GluePlan): number {
  return replication === "off" ? 0 : (glue.silverRuns + glue.goldRuns) * glue.touchedTables;
}

export function storageLines(
  lake: LakeShape,
  settings: CostSettings,
  volumes: Volumes,
  assumptions: CostAssumptions,
  { glue, requests }: { readonly glue: GluePlan; readonly requests: Requests },
): Usage[] {
  const service = "S3";
  const { standard, infrequent, glacier } = bronzeBytes(settings, volumes, assumptions, glue);
  const current = volumes.rows * assumptions.bytesPerRow * (1 + assumptions.goldShare);
  const replaced = replacedBytes(lake, settings, volumes, assumptions, glue);
  const stored = (item: string, bytes: number, price: Usage["price"]): Usage => ({
    service,
    item,
    quantity: bytes / GB,
    price,
  });
  const lakeKeys = settings.encryption === "kms" ? 1 : 0;
  const calls = (requests.puts + requests.gets) * assumptions.kmsPerRequest;
  return [
    stored("bronze, recent or small files", standard, "s3StandardGb"),
    stored("bronze, Infrequent Access", infrequent, "s3InfrequentGb"),
    stored("bronze, Glacier Instant Retrieval", glacier, "s3GlacierInstantGb"),
    stored("silver and gold", current, "s3StandardGb"),
    stored("silver and gold, replaced files", replaced, "s3StandardGb"),
    { service, item: "PUT, LIST", quantity: requests.puts / 1000, price: "s3Put" },
    { service, item: "GET", quantity: requests.gets / 1000, price: "s3Get" },
    { service: "KMS", item: "keys", quantity: settings.otherKeys + lakeKeys, price: "kmsKey" },
    {
      service: "KMS",
      item: "calls",
      quantity: (lakeKeys * calls) / 10_000,
      price: "kmsRequest",
    },
  ];
}

/**
 * Bronze by storage class, after its months: the full load, change files, often small, and dropped
 * files.
 */
function bronzeBytes(
  settings: CostSettings,
  { rows, changesPerDay, fileMbPerDay, bronzeMonths }: Volumes,
  { bytesPerRow, bytesPerChangeFile }: CostAssumptions,
  glue: GluePlan,
): { standard: number; infrequent: number; glacier: number } {
  const load = rows * bytesPerRow;
  const files = changeFiles(settings, glue);
  const changes = files === 0 ? 0 : changesPerDay * DAYS * bytesPerRow + files * bytesPerChangeFile;
  const dropped = settings.fileTransfer ? fileMbPerDay * 1e6 * DAYS : 0;
  const areSmall = files > 0 && changes / files < LEAST_MOVED_BYTES;
  const moved = dropped + (areSmall ? 0 : changes);
  const upTo = (months: number) => Math.min(bronzeMonths, months);
  return {
    standard: (areSmall ? changes * bronzeMonths : 0) + moved * upTo(INFREQUENT_MONTHS),
    infrequent: moved * (upTo(GLACIER_MONTHS) - upTo(INFREQUENT_MONTHS)),
    glacier: load + moved * (bronzeMonths - upTo(GLACIER_MONTHS)),
  };
}

/**
 * Bytes of files that commits replaced: copy-on-write rewrites a whole file for one changed row,
 * and the old one stays for the days of time travel, then as an object's old version.
 */
function replacedBytes(
  lake: LakeShape,
  settings: CostSettings,
  { rows, changesPerDay }: Volumes,
  { bytesPerRow, goldShare }: CostAssumptions,
  { silverRuns, goldRuns, touchedTables }: GluePlan,
): number {
  const tables = lake.tableBuckets.length;
  if (tables === 0) return 0;
  const changes = (changesPerDay * settings.silverMinutes) / (24 * 60) / Math.max(touchedTables, 1);
  const tableBytes = (rows / tables) * bytesPerRow;
  const share = average(lake.tableBuckets.map((files) => shareTouched(files, changes)));
  const silver = (silverRuns + goldRuns) * touchedTables * tableBytes * share;
  const gold = goldRuns * touchedTables * tableBytes * share * goldShare;
  const days = (layer: "silver" | "gold") => lake.historyDays + settings.oldVersionDays[layer];
  return (silver * days("silver") + gold * days("gold")) / DAYS;
}

/** The share of so many files that changes of random rows touch. */
function shareTouched(files: number, changes: number): number {
  return files <= 1 ? Math.min(1, changes) : 1 - (1 - 1 / files) ** changes;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
