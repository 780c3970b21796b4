import type { PriceName } from "./prices";

/** Hours of a month, as AWS reckons. */
export const HOURS = 730;
export const DAYS = HOURS / 24;
export const MINUTES = HOURS * 60;

/** A month's use of one thing that has a price. */
export interface Usage {
  readonly service: string;
  readonly item: string;
  /** In the price's unit. */
  readonly quantity: number;
  readonly price: PriceName;
}
