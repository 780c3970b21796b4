import { addMonths, type Window } from "../../sample-calendar";
import type { Random } from "../../sample-random";
import {
  centsText,
  copyRow,
  dateText,
  DAY,
  Micros,
  NULL,
  timestampOrNull,
  timestampText,
} from "../../sample-text";
import { Customers, SEGMENTS } from "./customers";
import { Orders, orderTotal, STATUSES } from "./order-plan";
import { cycleMonths, Subscription } from "./subscriptions";
import type { Tenant } from "./tenants";

const FLAW_SHARE = 0.006;

/** Who owes how much since when. */
export interface Claim {
  readonly customer: number;
  /** Index of the subscription, -1 for an order on account. */
  readonly subscription: number;
  readonly cents: number;
  readonly issuedAt: Micros;
}

/**
 * An invoice for every billing period that began, and business customers' orders on account until
 * there are `least` invoices; ordered by time of issue, the one at index i with id i + 1.
 */
export function planInvoices(
  least: number,
  subscriptions: readonly Subscription[],
  orders: Orders,
  customers: Customers,
  window: Window,
  random: Random,
): readonly Claim[] {
  const claims = subscriptions.flatMap((one, index) => billingPeriods(one, index, window));
  const consumer = SEGMENTS.indexOf("consumer");
  const byOrder = random.shuffle(Int32Array.from({ length: orders.count }, (_, order) => order));
  const isBusiness = (order: number) =>
    customers.segment[orders.customer[order] as number] !== consumer;
  const candidates = [...byOrder.filter(isBusiness), ...byOrder.filter((one) => !isBusiness(one))];
  for (const order of candidates) {
    if (claims.length >= least) break;
    if (STATUSES[orders.status[order] as number] === "cancelled") continue;
    claims.push({
      customer: orders.customer[order] as number,
      subscription: -1,
      cents: orderTotal(orders, order),
      issuedAt: orders.orderedAt[order] as number,
    });
  }
  return claims.sort(
    (a, b) => a.issuedAt - b.issuedAt || a.customer - b.customer || a.subscription - b.subscription,
  );
}

function billingPeriods(one: Subscription, subscription: number, window: Window): Claim[] {
  const claims: Claim[] = [];
  const first = one.trialEndsAt ?? one.startedAt;
  const end = Math.min(one.endedAt ?? window.until, window.until);
  for (let months = 0; ; months += cycleMonths(one.cycle)) {
    const issuedAt = addMonths(first, months);
    if (issuedAt >= end) return claims;
    claims.push({ customer: one.customer, subscription, cents: one.cents, issuedAt });
  }
}

export const invoiceColumns = [
  "id",
  "tenant_id",
  "customer_id",
  "subscription_id",
  "invoice_number",
  "status",
  "currency",
  "amount_due",
  "amount_paid",
  "issued_on",
  "due_on",
  "paid_at",
  "created_at",
  "updated_at",
] as const;

export function* invoiceRows(
  claims: readonly Claim[],
  customers: Customers,
  tenants: readonly Tenant[],
  window: Window,
  random: Random,
): Iterable<string> {
  for (const [index, claim] of claims.entries()) {
    const tenant = tenants[customers.tenant[claim.customer] as number] as Tenant;
    const dueAt = claim.issuedAt + random.pick([14, 14, 30]) * DAY;
    const settled = settle(claim, dueAt, window, random);
    const stored = random.chance(FLAW_SHARE) ? flaw(settled, claim, dueAt, random) : settled;
    yield copyRow(
      index + 1,
      tenant.id,
      claim.customer + 1,
      claim.subscription < 0 ? NULL : claim.subscription + 1,
      invoiceNumber(claim.issuedAt, index + 1),
      stored.status,
      tenant.country.currency,
      centsText(claim.cents),
      centsText(stored.paid),
      dateText(claim.issuedAt),
      dateText(stored.dueAt),
      timestampOrNull(stored.paidAt),
      timestampText(claim.issuedAt),
      timestampText(settled.paidAt ?? claim.issuedAt),
    );
  }
}

export function invoiceNumber(issuedAt: Micros, number: number | string): string {
  return `INV-${dateText(issuedAt).slice(0, 4)}-${String(number).padStart(7, "0")}`;
}

interface Settlement {
  readonly status: "draft" | "open" | "paid" | "void" | "uncollectible";
  readonly paid: number;
  readonly paidAt: Micros | null;
  readonly dueAt: Micros;
}

/** Most pay in time, some late, some in part, a few never. */
function settle(claim: Claim, dueAt: Micros, window: Window, random: Random): Settlement {
  const unpaid = { paid: 0, paidAt: null, dueAt };
  const fate = random.next();
  if (fate < 0.02) return { ...unpaid, status: "void" };
  if (fate < 0.06) {
    const given = window.until - dueAt > 60 * DAY;
    return { ...unpaid, status: given ? "uncollectible" : "open" };
  }
  if (fate < 0.08) return { ...unpaid, status: "open", paid: Math.floor(claim.cents / 2) };
  const inTime = claim.issuedAt + Math.floor(random.next() * (dueAt - claim.issuedAt));
  const paidAt = fate < 0.21 ? dueAt + Math.floor(random.exponential(16 * DAY)) : inTime;
  if (paidAt < window.until) return { status: "paid", paid: claim.cents, paidAt, dueAt };
  const isNew = window.until - claim.issuedAt < 2 * DAY;
  return { ...unpaid, status: isNew && random.chance(0.2) ? "draft" : "open" };
}

function flaw(right: Settlement, claim: Claim, dueAt: Micros, random: Random): Settlement {
  switch (right.status === "paid" ? random.int(0, 2) : 2) {
    case 0:
      return { ...right, paidAt: null };
    case 1:
      return { ...right, paid: claim.cents + random.int(1, 5_000) };
    default:
      return { ...right, dueAt: claim.issuedAt - (dueAt - claim.issuedAt) };
  }
}
