import type { Window } from "../../sample-calendar";
import { cumulate, type Random } from "../../sample-random";
import { DAY, Micros } from "../../sample-text";
import type { Customers } from "./customers";
import { openingHours } from "./opening-hours";
import { lineCounts } from "./order-sizes";
import type { Parts } from "./parts";
import type { Counts } from "./scales";
import type { Services } from "./services";

export const STATUSES = ["scheduled", "in_progress", "completed", "paid", "cancelled"] as const;
const channelTotals = cumulate([0.8, 0.2]);
export const CHANNELS = ["workshop", "online"] as const;

/** A line of an order; money is in cents. */
export interface Line {
  /** Index of the part or service. */
  readonly item: number;
  readonly quantity: number;
  readonly unitPrice: number;
}

export interface Order {
  /** Index of the customer. */
  readonly customer: number;
  readonly createdAt: Micros;
  /** Index into CHANNELS. */
  readonly channel: number;
  readonly status: (typeof STATUSES)[number];
  readonly parts: readonly Line[];
  readonly services: readonly Line[];
  readonly discount: number;
  readonly tax: number;
}

/** Sales tax in percent. */
const TAX = 8.25;

/** Orders by time: the order at index i has id i + 1, its lines are numbered in the same order. */
export function planOrders(
  counts: Counts,
  customers: Customers,
  parts: Parts,
  services: Services,
  window: Window,
  random: Random,
): readonly Order[] {
  const times = orderTimes(counts.orders, window, random.fork("times"));
  const sizes = lineCounts(counts, random.fork("sizes"));
  const draw = random.fork("orders");
  let known = 0;
  return Array.from(times, (createdAt, index) => {
    while (known < customers.count && (customers.createdAt[known] as number) <= createdAt) known++;
    const customer = draw.weighted(customers.activity.subarray(0, known));
    const asked = serviceLines(sizes.services[index] as number, services, draw);
    const used = partLines(sizes.parts[index] as number, asked, parts, services, draw);
    const amount = sumOf(used) + sumOf(asked);
    const discount = draw.chance(0.14) ? Math.round(amount * draw.pick([0.05, 0.1, 0.15])) : 0;
    return {
      customer,
      createdAt,
      channel: draw.weighted(channelTotals),
      status: statusAtAge((window.until - createdAt) / DAY, draw),
      parts: used,
      services: asked,
      discount,
      tax: Math.round(((amount - discount) * TAX) / 100),
    };
  });
}

/** What a line costs, in cents. */
export function lineTotal({ quantity, unitPrice }: Line): number {
  return quantity * unitPrice;
}

/** What the customer pays for the whole order, in cents. */
export function orderTotal({ parts, services, discount, tax }: Order): number {
  return sumOf(parts) + sumOf(services) - discount + tax;
}

function sumOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + lineTotal(line), 0);
}

function orderTimes(count: number, window: Window, random: Random): Float64Array {
  const day = openingHours.daySampler(window, 0.25);
  return Float64Array.from({ length: count }, () =>
    openingHours.timeOfDay(day(random), random),
  ).sort();
}

function serviceLines(count: number, services: Services, random: Random): readonly Line[] {
  return Array.from({ length: count }, () => {
    const item = random.weighted(services.popularity);
    return {
      item,
      quantity: random.chance(0.95) ? 1 : 2,
      unitPrice: services.price[item] as number,
    };
  });
}

/** Mostly parts that the order's services need, some beside. */
function partLines(
  count: number,
  asked: readonly Line[],
  parts: Parts,
  services: Services,
  random: Random,
): readonly Line[] {
  const needed = asked.flatMap(({ item }) => services.parts[item] as readonly number[]);
  return Array.from({ length: count }, () => {
    const item =
      needed.length > 0 && random.chance(0.75)
        ? random.pick(needed)
        : random.weighted(parts.popularity);
    return {
      item,
      quantity: random.chance(0.7) ? 1 : random.int(2, 4),
      unitPrice: parts.price[item] as number,
    };
  });
}

function statusAtAge(days: number, random: Random): Order["status"] {
  const fate = random.next();
  if (fate < 0.05) return "cancelled";
  if (days < 1) return fate < 0.6 ? "scheduled" : "in_progress";
  if (days < 4) return fate < 0.3 ? "in_progress" : "completed";
  return fate < 0.12 ? "completed" : "paid";
}
