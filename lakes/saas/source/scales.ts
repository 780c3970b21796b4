import type { SampleOptions, SampleScale } from "../../sample-source";

/** Rows per table. */
export interface Counts {
  readonly customers: number;
  readonly products: number;
  readonly orders: number;
  readonly items: number;
  readonly events: number;
  readonly subscriptions: number;
  /** At least so many; a long history of monthly billing calls for more. */
  readonly invoices: number;
}

const SCALES: Readonly<Record<SampleScale, Counts>> = {
  small: {
    customers: 200,
    products: 80,
    orders: 1_600,
    items: 4_800,
    events: 10_000,
    subscriptions: 60,
    invoices: 312,
  },
  medium: {
    customers: 6_400,
    products: 800,
    orders: 51_200,
    items: 153_600,
    events: 320_000,
    subscriptions: 1_920,
    invoices: 10_000,
  },
  large: {
    customers: 35_200,
    products: 4_400,
    orders: 281_600,
    items: 844_800,
    events: 1_760_000,
    subscriptions: 10_560,
    invoices: 55_000,
  },
};

/** No tenant is without customers and something to sell. */
export const LEAST_PER_TENANT = { customers: 2, products: 3 };

/** The rows that the options ask for. Throws a RangeError that names the option out of range. */
export function countsFor(options: SampleOptions): Counts {
  inRange("months", options.months, 1, 24);
  inRange("tenants", options.tenants, 1, 1000);
  inRange("seed", options.seed, 0, Number.MAX_SAFE_INTEGER);
  if (options.until.getTime() % 86_400_000 !== 0) {
    throw new RangeError("until must be midnight UTC of a day");
  }
  const counts = SCALES[options.scale];
  return {
    ...counts,
    customers: Math.max(counts.customers, LEAST_PER_TENANT.customers * options.tenants),
    products: Math.max(counts.products, LEAST_PER_TENANT.products * options.tenants),
  };
}

function inRange(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} is ${value}; it must be a whole number from ${least} to ${most}`);
  }
}
