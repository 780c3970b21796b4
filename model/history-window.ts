import type { Manifest } from "./manifest";

/**
 * Commits of a Hudi table that stay readable at most
 * (`_MAX_COMMITS` of glue-scripts/lakewright/hudi_services.py).
 */
export const MAX_HUDI_COMMITS = 1500;

const MINUTES_PER_DAY = 1440;

/**
 * The days that Hudi tables keep of a lake's history where that is less than it wants.
 * @param minutes from one commit of a table that changes all the time to its next
 * @returns undefined where the whole history is kept
 */
export function shortHistory(
  { history_days: wanted, tables, models }: Pick<Manifest, "history_days" | "tables" | "models">,
  minutes: number,
): number | undefined {
  const days = (MAX_HUDI_COMMITS * minutes) / MINUTES_PER_DAY;
  const isHudi = [...tables, ...models].some(({ format }) => format === "hudi");
  return isHudi && days < wanted ? days : undefined;
}
