import { UserError } from "../errors";
import type { CostSettings, Volumes } from "./cost-settings";

/** Refuses settings and volumes that cannot be, all at once. */
export function checkSettings(settings: CostSettings, volumes: Volumes): void {
  const problems: string[] = [];
  const negative = Object.entries({ ...settings, ...volumes })
    .filter(([, value]) => typeof value === "number" && !(value >= 0))
    .map(([name]) => name);
  if (negative.length > 0) problems.push(`${negative.join(", ")}: expected 0 or more`);
  if (settings.workers < 2) problems.push("workers: a Glue Spark job has 2 at least");
  if (!(settings.silverMinutes > 0)) problems.push("silverMinutes: expected more than 0");
  if (settings.goldMinutes < settings.silverMinutes) {
    problems.push("goldMinutes: gold cannot be fresher than silver, which it reads");
  }
  if (settings.dmsHoursPerDay > 24) problems.push("dmsHoursPerDay: a day has 24");
  if (volumes.activeHoursPerDay > 24) problems.push("activeHoursPerDay: a day has 24");
  if (settings.executionClass === "FLEX" && settings.job === "continuous") {
    problems.push("executionClass: FLEX is for runs that end, not for a continuous job");
  }
  if (settings.publicDms && settings.replication === "serverless") {
    problems.push("publicDms: DMS Serverless has no public address; use an instance");
  }
  if (problems.length > 0) throw new UserError(`cost settings:\n  ${problems.join("\n  ")}`);
}
