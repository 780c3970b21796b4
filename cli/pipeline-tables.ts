import type { ModelResult, RuleResult, TableResult } from "../local/pipeline/results";
import { printTable } from "./output";

const right = (title: string) => ({ title, align: "right" as const });

/** Prints what a silver step did, with every row accounted for. */
export function printSilver(results: readonly TableResult[]): void {
  printTable(
    [
      "table",
      "status",
      right("read"),
      right("applied"),
      right("superseded"),
      right("ignored"),
      right("quarantined"),
      right("seconds"),
    ],
    results.map((result) => [
      result.table,
      result.status,
      result.read,
      result.applied,
      result.superseded,
      Object.values(result.ignored).reduce((sum, rows) => sum + rows, 0),
      result.quarantined,
      result.seconds.toFixed(1),
    ]),
  );
  printErrors(results.map(({ table, error }) => [table, error]));
}

/** Prints what a gold step did; models that had nothing to do are counted alone. */
export function printGold(results: readonly ModelResult[]): void {
  const busy = results.filter(({ status }) => status !== "idle");
  if (busy.length > 0) {
    printTable(
      ["model", "status", right("groups"), right("upserts"), right("deletes"), right("seconds")],
      busy.map((result) => [
        result.model,
        result.status,
        result.groups,
        result.upserts,
        result.deletes,
        result.seconds.toFixed(1),
      ]),
    );
  }
  console.log(`${results.length - busy.length} models were up to date`);
  printErrors(results.map(({ model, error }) => [model, error]));
}

/** Prints how long this command took, and what of it each part did; the rest is Spark's start. */
export function printSeconds(parts: Readonly<Record<string, number>>): void {
  const told = Object.entries(parts).map(([part, seconds]) => `${part} ${seconds.toFixed(1)}`);
  // what the clock has counted since this process began
  console.log(`${(performance.now() / 1_000).toFixed(1)} s: ${told.join(", ")}`);
}

/** Prints the rules that did not pass, and how many of those that were judged did. */
export function printQuality(results: readonly RuleResult[]): void {
  const passed = results.filter(({ outcome }) => outcome === "passed");
  const skipped = results.filter(({ outcome }) => outcome === "skipped");
  const failed = results.filter((result) => !passed.includes(result) && !skipped.includes(result));
  if (failed.length > 0) {
    printTable(
      ["table", "rule", "outcome", "message"],
      failed.map(({ table, rule, outcome, message }) => [table, rule, outcome, message]),
    );
  }
  if (results.length === 0) return console.log("nothing new for quality rules to judge");
  const judged = results.length - skipped.length;
  const rest = skipped.length > 0 ? `; ${skipped.length} had no values to judge` : "";
  console.log(`${passed.length} of ${judged} quality rules passed${rest}`);
}

function printErrors(errors: readonly (readonly [string, string | null | undefined])[]): void {
  for (const [name, error] of errors) if (error) console.error(`${name}: ${error}`);
}
