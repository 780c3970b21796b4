import type { Window } from "../../sample-calendar";
import { inTurn, type Random } from "../../sample-random";
import {
  centsText,
  copyRow,
  copyText,
  dateText,
  DAY,
  HOUR,
  NULL,
  timestampText,
} from "../../sample-text";
import { CHANNELS, lineTotal, type Order, orderTotal } from "./orders";

const FLAW_SHARE = 0.02;
const LINE_FLAW_SHARE = 0.01;
/** Items that the catalogue had before it was pruned. */
const PRUNED = { least: 900_001, most: 900_400 };

/** Models by make. */
export const VEHICLES: Readonly<Record<string, readonly string[]>> = {
  Ford: ["F-150", "Focus", "Escape", "Mustang"],
  Toyota: ["Camry", "Corolla", "RAV4", "Tacoma"],
  Honda: ["Civic", "Accord", "CR-V"],
  Chevrolet: ["Silverado", "Malibu", "Equinox"],
  Nissan: ["Altima", "Rogue", "Sentra"],
  Hyundai: ["Elantra", "Tucson"],
  Subaru: ["Outback", "Forester"],
  BMW: ["3 Series", "X3"],
};
const MAKES = Object.keys(VEHICLES);
export const PAYMENTS = ["card", "cash", "transfer", "fleet"] as const;
const NOTES = [
  "customer waits",
  "call before work",
  'says "it squeaks"',
  "second visit\tsame noise",
];

export const orderColumns = [
  "order_id",
  "customer_id",
  "channel",
  "status",
  "vehicle_make",
  "vehicle_model",
  "vehicle_year",
  "mileage",
  "payment_method",
  "discount_amount",
  "tax_amount",
  "total_amount",
  "notes",
  "order_date",
  "created_at",
  "updated_at",
] as const;

export function* orderRows(
  orders: readonly Order[],
  window: Window,
  random: Random,
): Iterable<string> {
  const flaw = inTurn(5);
  for (const [index, order] of orders.entries()) {
    const make = random.pick(MAKES);
    const stored = storedValues(order, flaw, random);
    const isPaid = order.status === "paid";
    yield copyRow(
      index + 1,
      random.chance(0.005) ? NULL : order.customer + 1,
      CHANNELS[order.channel] as string,
      stored.status,
      random.chance(0.02) ? make.toUpperCase() : make,
      random.pick(VEHICLES[make] as readonly string[]),
      random.chance(0.01) ? random.pick([0, 9999]) : vehicleYear(order, random),
      random.chance(0.05) ? NULL : random.int(500, 190_000),
      isPaid ? random.pick(PAYMENTS) : NULL,
      centsText(order.discount),
      centsText(order.tax),
      centsText(stored.total),
      random.chance(0.1) ? copyText(random.pick(NOTES)) : NULL,
      dateText(order.createdAt),
      timestampText(order.createdAt),
      timestampText(Math.min(order.createdAt + settledAfter(order, random), window.until - 1)),
    );
  }
}

function vehicleYear({ createdAt }: Order, random: Random): number {
  return Number(dateText(createdAt).slice(0, 4)) - Math.floor(random.exponential(7));
}

function settledAfter({ status }: Order, random: Random): number {
  if (status === "scheduled") return 0;
  return Math.floor(status === "paid" ? (1 + random.exponential(5)) * DAY : 8 * HOUR);
}

function storedValues(order: Order, flaw: () => number, random: Random) {
  const { status } = order;
  const total = orderTotal(order);
  if (!random.chance(FLAW_SHARE)) return { status, total };
  switch (flaw()) {
    case 0:
      return { status, total: total + random.int(1, 900) };
    case 1:
      return { status, total: -total };
    case 2:
      return { status, total: 0 };
    case 3:
      return { status: "waiting", total };
    default:
      return { status: ` ${status.toUpperCase().replace("_", " ")}`, total };
  }
}

export const partLineColumns = lineColumns("part");
export const serviceLineColumns = lineColumns("service");

function lineColumns(kind: "part" | "service"): readonly string[] {
  const keys = [`order_${kind}_id`, "order_id", `${kind}_id`];
  return [...keys, "quantity", "unit_price", "line_total", "created_at", "updated_at"];
}

/** The lines of a kind, numbered through all orders. */
export function* lineRows(
  orders: readonly Order[],
  kind: "parts" | "services",
  random: Random,
): Iterable<string> {
  const flaws = inTurn(3);
  let id = 0;
  for (const [index, order] of orders.entries()) {
    const createdAt = timestampText(order.createdAt);
    for (const line of order[kind]) {
      let { item, quantity } = { ...line, item: line.item + 1 };
      let total = lineTotal(line);
      if (random.chance(LINE_FLAW_SHARE)) {
        const flaw = flaws();
        if (flaw === 0) item = random.int(PRUNED.least, PRUNED.most);
        else if (flaw === 1) total += random.int(1, 300);
        else quantity = 0;
      }
      yield copyRow(
        ++id,
        index + 1,
        item,
        quantity,
        centsText(line.unitPrice),
        centsText(total),
        createdAt,
        createdAt,
      );
    }
  }
}
