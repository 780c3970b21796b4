import { printQuality } from "../../cli/pipeline-tables";
import type { RuleResult } from "../../local/pipeline/results";

function printed(results: readonly RuleResult[]): string {
  const log = jest.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    printQuality(results);
    return log.mock.calls.join("\n");
  } finally {
    log.mockRestore();
  }
}

const result = (outcome: RuleResult["outcome"]) =>
  ({ layer: "silver", table: "service", rule: "IsUnique", outcome }) as RuleResult;

test("a run that judged nothing says so, and counts no rules", () => {
  expect(printed([])).toBe("nothing new for quality rules to judge");
});

test("rules that passed are counted among those that were judged", () => {
  expect(printed([result("passed"), result("passed"), result("skipped")])).toBe(
    "2 of 2 quality rules passed; 1 had no values to judge",
  );
});
