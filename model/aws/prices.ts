import file from "./prices.json";

/** A list price without discounts, free allotments and taxes. */
export interface Price {
  /** What is counted: `DPU-hour`, `1,000 requests`. */
  readonly unit: string;
  readonly usd: number;
  /** The page of AWS that lists it. */
  readonly source: string;
  /**
   * The month (`2026-11`) in which it was compared with a stored copy of that page; null where it
   * is from memory or from others' pages, and to be checked.
   */
  readonly confirmed: string | null;
  readonly note?: string;
}

export type PriceName = keyof typeof file.prices;
export type Prices = Readonly<Record<PriceName, Price>>;

/** The region that the prices are of. */
export const PRICE_REGION = file.region;
/** The day on which the prices were looked up. */
export const PRICES_LOOKED_UP = file.lookedUp;
export const PRICES: Prices = file.prices;

/** DMS instance classes that have a price here. */
export const DMS_CLASSES = [
  "dms.t3.micro",
  "dms.t3.small",
  "dms.t3.medium",
  "dms.t3.large",
  "dms.c5.large",
  "dms.r5.large",
] as const satisfies readonly PriceName[];
export type DmsClass = (typeof DMS_CLASSES)[number];

/** Classes of the trial database that have a price here. */
export const TRIAL_CLASSES = [
  "db.t4g.micro",
  "db.t4g.small",
  "db.t4g.medium",
] as const satisfies readonly PriceName[];
export type TrialClass = (typeof TRIAL_CLASSES)[number];
