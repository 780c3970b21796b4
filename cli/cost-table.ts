import pc from "picocolors";

import type { CostEstimate, CostLine } from "../model/aws/cost";
import type { SettingChange } from "../model/aws/cost-changes";
import { PRICE_REGION, PRICES, PRICES_LOOKED_UP } from "../model/aws/prices";
import { printTable } from "./output";

const right = (title: string) => ({ title, align: "right" as const });

/** Prints a month's bill, what each setting would change, and which prices are to be checked. */
export function printCost(
  estimate: CostEstimate,
  changes: readonly SettingChange[],
  { lines }: { readonly lines: boolean },
): void {
  if (lines) printLines(estimate.lines);
  else printServices(estimate);
  console.log(`\n${pc.bold(`${usd(estimate.usd)} USD a month`)}; ${job(estimate)}\n`);
  printTable(
    ["with this changed", right("USD a month"), right("difference")],
    changes.map(({ change, usd: total, difference }) => [
      change,
      usd(total),
      `${difference > 0 ? "+" : ""}${usd(difference)}`,
    ]),
  );
  console.log(`\n${priceNote(estimate.lines)}`);
}

function printServices({ byService }: CostEstimate): void {
  const sorted = [...byService].sort((a, b) => b.usd - a.usd);
  printTable(
    ["service", right("USD a month")],
    sorted.map(({ service, usd: total }) => [service, usd(total)]),
  );
}

function printLines(lines: readonly CostLine[]): void {
  printTable(
    ["service", "what", right("quantity"), "unit", right("USD a unit"), right("USD a month")],
    lines.map((line) => [
      line.service,
      line.item,
      quantity(line.quantity),
      line.unit,
      String(line.unitUsd),
      usd(line.usd),
    ]),
  );
}

function job({ glue }: CostEstimate): string {
  const seconds = `${Math.round(glue.silverSeconds)} s for silver, ${Math.round(glue.goldSeconds)} s with gold`;
  if (glue.mode === "continuous") return `one long-lived job, a pass takes ${seconds} (assumed)`;
  const runs = Math.round(glue.silverRuns + glue.goldRuns).toLocaleString("en-US");
  return `${runs} runs a month, ${seconds} (assumed)`;
}

/** Where the prices are from, and those of the bill that nobody has compared with AWS's page. */
function priceNote(lines: readonly CostLine[]): string {
  const used = [...new Set(lines.map(({ price }) => price))];
  const unconfirmed = used.filter((name) => PRICES[name].confirmed === null);
  const from = `List prices of ${PRICE_REGION}, looked up on ${PRICES_LOOKED_UP} (model/aws/prices.json).`;
  if (unconfirmed.length === 0) return from;
  return [
    from,
    `To be checked on AWS's pages, which could not be read when they were entered: ${unconfirmed.join(", ")}.`,
  ].join("\n");
}

function usd(amount: number): string {
  return amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function quantity(amount: number): string {
  return amount.toLocaleString("en-US", { maximumFractionDigits: amount < 10 ? 3 : 0 });
}
