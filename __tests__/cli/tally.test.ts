import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { countJest, countJunit, tally } from "../../cli/checks/tally";

const check = { name: "x", program: "x", args: [] };

test("a check without a report counts as one", () => {
  expect(tally(check, 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect(tally(check, 2)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("a runner that leaves no report, or fails without a failed test, is a failure", () => {
  const file = join(tmpdir(), `tally-${process.pid}.json`);
  const missing = { ...check, report: { kind: "jest" as const, file: `${file}.none` } };
  expect(tally(missing, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  writeFileSync(file, JSON.stringify({ numPassedTests: 3, numFailedTests: 0 }));
  const written = { ...check, report: { kind: "jest" as const, file } };
  expect(tally(written, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
});

test("jest: failed, crashed and skipped are told apart", () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 2,
    numRuntimeErrorTestSuites: 1,
    numPendingTests: 4,
  };
  expect(countJest(JSON.stringify(report))).toEqual({ passed: 5, failed: 3, skipped: 4 });
});

test("pytest: errors are failures", () => {
  const xml =
    '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10">';
  expect(countJunit(xml)).toEqual({ passed: 4, failed: 3, skipped: 3 });
});
