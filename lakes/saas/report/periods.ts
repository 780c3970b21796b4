/** Every tile speaks of the last month that is over, or of now: a running month compares with nothing. */
export const LAST_MONTH = "date_add('month', -1, date_trunc('month', :today))";
export const MONTH_BEFORE = "date_add('month', -2, date_trunc('month', :today))";

/**
 * Whether the period that begins on this day is in the lake from its beginning. The first orders
 * may be from the middle of a month, and growth on such a month would be no growth. Two days of
 * slack, for a small shop need not sell on the first.
 */
export function isWhole(beginning: string): string {
  return `(SELECT min(order_date) FROM gold.revenue_daily) < date_add('day', 3, ${beginning})`;
}
