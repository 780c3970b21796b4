/**
 * Whether a Spark type holds every value of another: the same answer as `wider` of
 * glue-scripts/lakewright/evolution.py gives, by which silver follows its source.
 */
export function holds(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  const [a, b] = [digitsOf(wide), digitsOf(narrow)];
  if (a && b) return a.whole >= b.whole && a.fraction >= b.fraction;
  if (wide === "double") return narrow === "float";
  return wide === "string" && !/^(array|map|struct)</.test(narrow);
}

/** Digits before and after the point, of whole numbers and decimals. */
function digitsOf(type: string): { readonly whole: number; readonly fraction: number } | undefined {
  const whole = { tinyint: 3, smallint: 5, int: 10, bigint: 19 }[type];
  if (whole) return { whole, fraction: 0 };
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(type);
  if (!decimal) return undefined;
  const [precision, fraction] = [Number(decimal[1]), Number(decimal[2])];
  return { whole: precision - fraction, fraction };
}
