import type { Standing } from "../local/pipeline/results";
import { printTable } from "./output";

/** What a verdict was on, where it is not a rule over the table as it is. */
const MEANT = { dqdl: "", row: "row by row", hold: "before a commit" } as const;

/** Prints verdicts, those that need somebody first, and how many rules hold. */
export function printVerdicts(verdicts: readonly Standing[]): void {
  if (verdicts.length === 0) {
    console.log("no rule was judged yet; ./lake run judges the tables that changed");
    return;
  }
  const order = ["error", "failed", "skipped", "passed"];
  const sorted = [...verdicts].sort(
    (one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome),
  );
  printTable(
    ["table", "rule", "outcome", "severity", "judged", "at (UTC)", "message"],
    sorted.map((verdict) => [
      `${verdict.layer}.${verdict.table}`,
      verdict.rule,
      verdict.outcome,
      verdict.severity,
      MEANT[verdict.kind],
      verdict.evaluated_at.slice(0, 19).replace("T", " "),
      verdict.message,
    ]),
  );
  const judged = verdicts.filter(({ outcome }) => outcome !== "skipped");
  const passed = judged.filter(({ outcome }) => outcome === "passed");
  console.log(`${passed.length} of ${judged.length} quality rules hold`);
}
