import { checkOptions, type SampleOptions, type SampleScale } from "../../sample-source";

/** Rows per table. */
export interface Counts {
  readonly parts: number;
  readonly customers: number;
  readonly services: number;
  readonly serviceParts: number;
  readonly orders: number;
  readonly orderParts: number;
  readonly orderServices: number;
}

/** A workshop of some years: what the other scales are a tenth and the hundredfold of. */
const MEDIUM: Counts = {
  parts: 400,
  customers: 1_149,
  services: 110,
  serviceParts: 1_074,
  orders: 1_000,
  orderParts: 2_135,
  orderServices: 644,
};

const FACTORS: Readonly<Record<SampleScale, number>> = { small: 0.1, medium: 1, large: 100 };

/**
 * The rows that the options ask for; the lake has one owner, so the number of tenants is ignored.
 * Throws a RangeError that names the option out of range.
 */
export function countsFor(options: SampleOptions): Counts {
  checkOptions(options);
  const factor = FACTORS[options.scale];
  const scaled = Object.entries(MEDIUM).map(([name, count]) => [name, Math.round(count * factor)]);
  return Object.fromEntries(scaled) as unknown as Counts;
}
