import type { GluePlan } from "./cost-glue";
import { DAYS, type Usage } from "./cost-month";
import type { CostAssumptions, CostSettings, LakeShape, Volumes } from "./cost-settings";

const GB = 1e9;
/** S3 moves no object below this size to a cheaper class. Source: S3 user guide, lifecycle. */
const LEAST_MOVED_BYTES = 128 * 1024;
/** S3 requests of a month. */
export interface Requests {
  /** PUT, COPY, POST and LIST. */
  readonly puts: number;
  /** GET and HEAD, those of transfers not among them. */
  readonly gets: number;
  /** HEAD of transfers, by the storage class of what they ask about. */
  readonly transferHeads: ByClass;
}

/** Something of bronze by storage class. */
interface ByClass {
  readonly standard: number;
  readonly infrequent: number;
  readonly glacier: number;
}

export function allRequests({ puts, gets, transferHeads }: Requests): number {
  const { standard, infrequent, glacier } = transferHeads;
  return puts + gets + standard + infrequent + glacier;
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
    transferHeads: transferHeads(settings, volumes),
  };
}

/**
 * DataSync asks about each object whose file is at the server, whenever it runs. Source: AWS DataSync
 * user guide, "Evaluating S3 request costs when using DataSync".
 */
function transferHeads(settings: CostSettings, volumes: Volumes): ByClass {
  const { fileMbPerDay, filesPerDay, fileDaysAtServer } = volumes;
  const transfers = settings.fileTransfer ? settings.transfersPerDay * DAYS : 0;
  const perDay = transfers * filesPerDay;
  if ((fileMbPerDay * 1e6) / filesPerDay < LEAST_MOVED_BYTES) {
    return { standard: perDay * fileDaysAtServer, infrequent: 0, glacier: 0 };
  }
  return byClass(settings, fileDaysAtServer, perDay);
}

/** What is kept for so many days, so much of it new each day, by its class. */
function byClass(
  { bronzeTransitions }: Pick<CostSettings, "bronzeTransitions">,
  days: number,
  perDay: number,
): ByClass {
  const { infrequentAccessDays = Infinity, glacierInstantDays = Infinity } = bronzeTransitions;
  const inGlacier = Math.max(0, days - glacierInstantDays);
  const inInfrequent = Math.max(0, days - infrequentAccessDays - inGlacier);
  return {
    standard: perDay * (days - inInfrequent - inGlacier),
    infrequent: perDay * inInfrequent,
    glacier: perDay * inGlacier,
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
    ...headLines(requests.transferHeads),
    { service: "KMS", item: "keys", quantity: settings.otherKeys + lakeKeys, price: "kmsKey" },
    {
      service: "KMS",
      item: "calls",
      quantity: (lakeKeys * calls) / 10_000,
      price: "kmsRequest",
    },
  ];
}

function headLines({ standard, infrequent, glacier }: ByClass): Usage[] {
  const heads = (item: string, count: number, price: Usage["price"]): Usage => ({
    service: "S3",
    item: `HEAD by transfers, ${item}`,
    quantity: count / 1000,
    price,
  });
  return [
    heads("recent or small files", standard, "s3Get"),
    heads("Infrequent Access", infrequent, "s3InfrequentGet"),
    heads("Glacier Instant Retrieval", glacier, "s3GlacierInstantGet"),
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
): ByClass {
  const files = changeFiles(settings, glue);
  const changes =
    files === 0 ? 0 : changesPerDay * bytesPerRow + (files * bytesPerChangeFile) / DAYS;
  const dropped = settings.fileTransfer ? fileMbPerDay * 1e6 : 0;
  const areSmall = files > 0 && (changes * DAYS) / files < LEAST_MOVED_BYTES;
  const days = bronzeMonths * DAYS;
  const moved = byClass(settings, days, dropped + (areSmall ? 0 : changes));
  const load = loadClass(settings);
  const bytes = { ...moved, [load]: moved[load] + rows * bytesPerRow };
  return { ...bytes, standard: bytes.standard + (areSmall ? changes * days : 0) };
}

/** Where the full load ends, which is as old as the lake. */
function loadClass({ bronzeTransitions }: CostSettings): keyof ByClass {
  if (bronzeTransitions.glacierInstantDays !== undefined) return "glacier";
  return bronzeTransitions.infrequentAccessDays === undefined ? "standard" : "infrequent";
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
