import { addMonths, type Window } from "../../sample-calendar";
import type { Random } from "../../sample-random";
import {
  centsText,
  copyRow,
  DAY,
  Micros,
  NULL,
  timestampOrNull,
  timestampText,
} from "../../sample-text";
import type { Customers } from "./customers";
import type { Tenant } from "./tenants";

/** Price of a month in cents by plan, the smallest first; a year costs ten months. */
export const PLAN_PRICES: Readonly<Record<string, number>> = {
  basic: 1_900,
  pro: 4_900,
  business: 14_900,
};
const PLANS = Object.keys(PLAN_PRICES);
const MONTHLY_PRICES = Object.values(PLAN_PRICES);
const CHURN = 0.045;
const UPGRADE = 0.04;
const DOWNGRADE = 0.015;
const FLAW_SHARE = 0.005;

export interface Subscription {
  readonly customer: number;
  /** Index of the subscription that this one follows, -1 for none. */
  readonly previous: number;
  /** Index into PLANS. */
  readonly plan: number;
  readonly cycle: "monthly" | "yearly";
  readonly cents: number;
  readonly startedAt: Micros;
  readonly trialEndsAt: Micros | null;
  readonly status: "trialing" | "active" | "past_due" | "canceled" | "upgraded";
  readonly endedAt: Micros | null;
}

/**
 * Exactly `count` subscriptions ordered by start, the one at index i with id i + 1. A customer has
 * a chain of them: a change of plan ends one and starts the next, until the chain churns.
 */
export function planSubscriptions(
  count: number,
  customers: Customers,
  window: Window,
  random: Random,
): readonly Subscription[] {
  const made: Subscription[] = [];
  let queue = new Int32Array(0);
  for (let turn = 0; made.length < count; turn++) {
    if (turn % customers.count === 0) {
      queue = random.shuffle(Int32Array.from({ length: customers.count }, (_, who) => who));
    }
    appendChain(made, count, queue[turn % customers.count] as number, customers, window, random);
  }
  const byStart = made.map((_, index) => index).sort((a, b) => startOf(a) - startOf(b) || a - b);
  const positions = new Int32Array(count);
  byStart.forEach((index, position) => (positions[index] = position));
  return byStart.map((index) => {
    const one = made[index] as Subscription;
    return { ...one, previous: one.previous < 0 ? -1 : (positions[one.previous] as number) };
  });

  function startOf(index: number): Micros {
    return (made[index] as Subscription).startedAt;
  }
}

function appendChain(
  made: Subscription[],
  count: number,
  customer: number,
  customers: Customers,
  window: Window,
  random: Random,
): void {
  const since = customers.createdAt[customer] as number;
  const settling = Math.min(random.exponential(12 * DAY), (window.until - since) * random.next());
  const cycle = random.chance(0.8) ? "monthly" : "yearly";
  let startedAt = since + Math.floor(settling);
  let plan = random.pick([0, 0, 0, 1, 1, 2]);
  let trialEndsAt = random.chance(0.4) ? startedAt + 14 * DAY : null;
  let previous = -1;
  for (;;) {
    const changeable = made.length + 1 < count;
    const { endedAt, step } = nextChange(startedAt, trialEndsAt, plan, changeable, window, random);
    const cents = (MONTHLY_PRICES[plan] as number) * (cycle === "monthly" ? 1 : 10);
    const isTrial = trialEndsAt !== null && trialEndsAt >= window.until;
    const running = isTrial ? "trialing" : random.chance(0.04) ? "past_due" : "active";
    const status = endedAt === null ? running : step === 0 ? "canceled" : "upgraded";
    made.push({ customer, previous, plan, cycle, cents, startedAt, trialEndsAt, status, endedAt });
    if (endedAt === null || step === 0) return;
    previous = made.length - 1;
    plan += step;
    startedAt = endedAt;
    trialEndsAt = null;
  }
}

/** When a subscription ends and what follows: `step` plans up or down, or 0 for nothing. */
function nextChange(
  startedAt: Micros,
  trialEndsAt: Micros | null,
  plan: number,
  changeable: boolean,
  window: Window,
  random: Random,
): { readonly endedAt: Micros | null; readonly step: number } {
  if (trialEndsAt !== null && trialEndsAt < window.until && random.chance(0.15)) {
    return { endedAt: trialEndsAt, step: 0 };
  }
  for (let month = 1; ; month++) {
    const boundary = addMonths(startedAt, month);
    if (boundary >= window.until) return { endedAt: null, step: 0 };
    const fate = random.next();
    if (fate < CHURN) return { endedAt: boundary, step: 0 };
    if (!changeable) continue;
    if (fate < CHURN + UPGRADE && plan < PLANS.length - 1) return { endedAt: boundary, step: 1 };
    if (fate > 1 - DOWNGRADE && plan > 0) return { endedAt: boundary, step: -1 };
  }
}

/** Months of a billing cycle. */
export function cycleMonths(cycle: Subscription["cycle"]): number {
  return cycle === "monthly" ? 1 : 12;
}

export const subscriptionColumns = [
  "id",
  "tenant_id",
  "customer_id",
  "previous_subscription_id",
  "plan",
  "status",
  "billing_cycle",
  "amount",
  "currency",
  "started_at",
  "trial_ends_at",
  "canceled_at",
  "ended_at",
  "current_period_end",
  "created_at",
  "updated_at",
] as const;

export function* subscriptionRows(
  subscriptions: readonly Subscription[],
  customers: Customers,
  tenants: readonly Tenant[],
  window: Window,
  random: Random,
): Iterable<string> {
  for (const [index, one] of subscriptions.entries()) {
    const tenant = tenants[customers.tenant[one.customer] as number] as Tenant;
    const { endedAt, cents } = storedValues(one, random);
    const canceledAt =
      one.status === "canceled" && one.endedAt !== null
        ? Math.max(one.startedAt, one.endedAt - random.int(0, 20) * DAY)
        : null;
    yield copyRow(
      index + 1,
      tenant.id,
      one.customer + 1,
      one.previous < 0 ? NULL : one.previous + 1,
      PLANS[one.plan] as string,
      one.status,
      one.cycle,
      centsText(cents),
      tenant.country.currency,
      timestampText(one.startedAt),
      timestampOrNull(one.trialEndsAt),
      timestampOrNull(canceledAt),
      timestampOrNull(endedAt),
      timestampOrNull(one.endedAt === null ? periodEnd(one, window) : null),
      timestampText(one.startedAt),
      timestampText(one.endedAt ?? one.startedAt),
    );
  }
}

function storedValues(one: Subscription, random: Random) {
  const { endedAt, cents, startedAt } = one;
  if (!random.chance(FLAW_SHARE)) return { endedAt, cents };
  return endedAt === null || random.chance(0.5)
    ? { endedAt, cents: -cents }
    : { endedAt: startedAt - random.int(1, 20) * DAY, cents };
}

function periodEnd(one: Subscription, window: Window): Micros {
  const first = one.trialEndsAt ?? one.startedAt;
  if (first >= window.until) return first;
  const step = cycleMonths(one.cycle);
  for (let months = step; ; months += step) {
    const end = addMonths(first, months);
    if (end >= window.until) return end;
  }
}
