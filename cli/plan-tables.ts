import pc from "picocolors";

import type { QuotaUse } from "../model/aws/quotas";
import { isComponent, type Recording } from "../stacks/record-resources";
import { printTable } from "./output";

/** How many resources of a kind a component has. */
export interface PlannedKind {
  /** `Governance saas-dev`. */
  readonly component: string;
  /** `aws:lakeformation/permissions:Permissions`. */
  readonly type: string;
  readonly count: number;
}

/** Share of a quota from which it is marked. */
const NEAR = 0.5;

const right = (title: string) => ({ title, align: "right" as const });

/** What would be created, by component and kind, in the order of the program. */
export function plannedKinds({ registered, components }: Recording): PlannedKind[] {
  const kinds = new Map<string, PlannedKind>();
  for (const resource of registered.filter((each) => !isComponent(each))) {
    const component = components.get(resource) ?? "-";
    const key = `${component}\n${resource.type}`;
    const count = (kinds.get(key)?.count ?? 0) + 1;
    kinds.set(key, { component, type: resource.type, count });
  }
  const order = [...new Set(components.values())];
  return [...kinds.values()].sort(
    (one, other) =>
      order.indexOf(one.component) - order.indexOf(other.component) ||
      one.type.localeCompare(other.type),
  );
}

/** Prints each component's kinds, and their sum. */
export function printKinds(kinds: readonly PlannedKind[]): void {
  let last = "";
  const rows = kinds.map(({ component, type, count }) => {
    const shown = component === last ? "" : component;
    last = component;
    return [shown, shortType(type), count];
  });
  printTable(["component", "kind", right("number")], rows);
  const sum = kinds.reduce((all, { count }) => all + count, 0);
  console.log(`\n${pc.bold(`${sum.toLocaleString("en-US")} resources`)}`);
  if (kinds.some(({ type }) => type === "awsx:ec2:Vpc")) {
    console.log("awsx:Vpc makes a VPC's subnets, routes and gateways beside these.");
  }
}

/** Prints the quotas that are used, those that come nearest first. */
export function printQuotas(uses: readonly QuotaUse[], { sources }: { sources: boolean }): void {
  printTable(
    [
      ...["service", "quota", right("used"), right("default"), right("share"), "checked"],
      ...(sources ? ["source"] : []),
    ],
    uses.map(({ quota, used, share }) => [
      quota.service,
      quota.what,
      used,
      `${quota.most.toLocaleString("en-US")}${quota.adjustable ? "" : " (fixed)"}`,
      percent(share),
      quota.confirmed ?? "no",
      ...(sources ? [quota.source] : []),
    ]),
  );
  for (const { quota, used, share } of uses.filter((each) => each.share >= NEAR)) {
    const state = share > 1 ? pc.red("over") : pc.yellow("near");
    console.log(`${state}: ${quota.service}, ${quota.what}: ${used} of ${quota.most}`);
  }
}

/** `aws:iam:Role` of `aws:iam/role:Role`. */
function shortType(type: string): string {
  return type.replace(/\/[^:]+/, "").replace(/^awsx:ec2:/, "awsx:");
}

function percent(share: number): string {
  if (share > 0 && share < 0.001) return "< 0.1 %";
  return `${(share * 100).toFixed(1)} %`;
}
