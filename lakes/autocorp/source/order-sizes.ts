import type { Random } from "../../sample-random";
import type { Counts } from "./scales";

/** How many lines of each kind an order has. */
export interface LineCounts {
  readonly parts: Int32Array;
  readonly services: Int32Array;
}

/** One order of so many is a fleet's, with more than fifty lines. */
const ORDERS_PER_FLEET = 500;
const FLEET_LINES = { least: 52, most: 70 };
const MOST_PARTS = 9;
const MOST_SERVICES = 3;

/** Exactly the lines that are asked for; every order has at least one, some have more than fifty. */
export function lineCounts(counts: Counts, random: Random): LineCounts {
  const services = new Int32Array(counts.orders);
  spread(services, counts.orderServices, MOST_SERVICES, random);
  const parts = services.map((some) => (some === 0 ? 1 : 0));
  const fleets = Math.max(1, Math.round(counts.orders / ORDERS_PER_FLEET));
  for (let fleet = 0; fleet < fleets; fleet++) {
    const order = Math.floor(((fleet + 0.5) * counts.orders) / fleets);
    parts[order] = random.int(FLEET_LINES.least, FLEET_LINES.most);
  }
  const given = parts.reduce((sum, some) => sum + some, 0);
  spread(parts, counts.orderParts - given, MOST_PARTS, random);
  return { parts, services };
}

/** Adds so many lines to random orders, none of which comes to more than `most` by it. */
function spread(sizes: Int32Array, lines: number, most: number, random: Random): void {
  for (let left = lines; left > 0;) {
    const order = random.int(0, sizes.length - 1);
    if ((sizes[order] as number) >= most) continue;
    sizes[order] = (sizes[order] as number) + 1;
    left--;
  }
}
