import { existsSync, readFileSync } from "node:fs";

import type { Check } from "./checks";

/** Tests of one check. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts a check's tests from its report. A program that failed without a failed test in its
 * report (it crashed, or wrote none) counts as one failure: nothing fails silently.
 */
export function tally(check: Check, exitCode: number): Tally {
  const counted = check.report && existsSync(check.report.file) ? countReport(check.report) : null;
  const result = counted ?? {
    passed: exitCode === 0 && !check.report ? 1 : 0,
    failed: 0,
    skipped: 0,
  };
  const silent = result.failed === 0 && (exitCode !== 0 || (check.report && !counted));
  return silent ? { ...result, failed: 1 } : result;
}

function countReport({ kind, file }: NonNullable<Check["report"]>): Tally {
  const text = readFileSync(file, "utf8");
  return kind === "jest" ? countJest(text) : countJunit(text);
}

/** Test files that could not run at all count as failed tests. */
export function countJest(json: string): Tally {
  const report = JSON.parse(json) as Record<string, number>;
  return {
    passed: report.numPassedTests ?? 0,
    failed: (report.numFailedTests ?? 0) + (report.numRuntimeErrorTestSuites ?? 0),
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  };
}

/** Adds up the `testsuite` elements of a JUnit report. */
export function countJunit(xml: string): Tally {
  let tests = 0;
  let failed = 0;
  let skipped = 0;
  for (const [suite] of xml.matchAll(/<testsuite\s[^>]*>/g)) {
    const value = (name: string) => Number(new RegExp(`\\s${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
    tests += value("tests");
    failed += value("failures") + value("errors");
    skipped += value("skipped");
  }
  return { passed: tests - failed - skipped, failed, skipped };
}
