import { checkOptions, type SampleOptions, type SampleScale } from "../../sample-source";

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
  checkOptions(options);
  const counts = SCALES[options.scale];
  return {
    ...counts,
    customers: Math.max(counts.customers, LEAST_PER_TENANT.customers * options.tenants),
    products: Math.max(counts.products, LEAST_PER_TENANT.products * options.tenants),
  };
}
