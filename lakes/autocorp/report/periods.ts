/** Every tile speaks of the last month that is over, or of now: a running month compares with nothing. */
export const LAST_MONTH = "date_add('month', -1, date_trunc('month', :today))";

/** Whether the month that begins on this day is in the lake from its beginning, give or take a Sunday. */
export function isWhole(month: string): string {
  return `(SELECT min(order_date) FROM gold.fct_order_lines) < date_add('day', 4, ${month})`;
}
