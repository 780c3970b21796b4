import type { Window } from "../../sample-calendar";
import { apportion, cumulate, type Random } from "../../sample-random";
import { centsText, copyBoolean, copyRow, DAY, NULL, timestampText } from "../../sample-text";
import { type Parts, updatedAfter } from "./parts";

interface ServiceCategory {
  readonly name: string;
  readonly verbs: readonly string[];
  readonly objects: readonly string[];
}

const CATEGORIES: readonly ServiceCategory[] = [
  category("Maintenance", "Change,Check,Refill", "Motor Oil,Coolant,Air Filter,Fluids"),
  category("Brakes", "Replace,Adjust,Bleed", "Front Brakes,Rear Brakes,Parking Brake"),
  category("Tires", "Mount,Rotate,Balance", "Tires,Winter Tires,Wheels"),
  category("Engine", "Repair,Replace,Tune", "Timing Belt,Water Pump,Ignition,Engine"),
  category("Electrical", "Diagnose,Replace,Repair", "Battery,Alternator,Lights,Wiring"),
  category("Body", "Repair,Paint,Polish", "Bumper,Door,Windshield"),
  category("Inspection", "Inspect", "Emissions,Safety,Used Car,Suspension"),
];

function category(name: string, verbs: string, objects: string): ServiceCategory {
  return { name, verbs: verbs.split(","), objects: objects.split(",") };
}

/** Services in columns; the service at index i has id i + 1, money is in cents. */
export interface Services {
  readonly count: number;
  readonly category: Uint8Array;
  /** Hundredths of an hour. */
  readonly hours: Int32Array;
  readonly laborCost: Int32Array;
  readonly price: Int32Array;
  /** Running totals of how often a service is asked for. */
  readonly popularity: Float64Array;
  /** Indexes of the parts that service i may need, ascending. */
  readonly parts: readonly (readonly number[])[];
}

/** An hour's work in cents: what it costs, and what it is sold for. */
const HOUR_COST = 4_200;
const HOUR_PRICE = 9_500;
const FLAW_SHARE = 0.02;

/** @param needs how many parts all services need together */
export function planServices(count: number, needs: number, parts: Parts, random: Random): Services {
  const hours = Int32Array.from(
    { length: count },
    () => 25 * Math.min(80, Math.max(1, Math.round(5 * random.logNormal(0.8)))),
  );
  const ranks = random.shuffle(Array.from({ length: count }, (_, rank) => rank));
  const sizes = apportion(
    needs,
    Array.from({ length: count }, () => 0.5 + random.next()),
    1,
  );
  return {
    count,
    category: Uint8Array.from({ length: count }, () => random.int(0, CATEGORIES.length - 1)),
    hours,
    laborCost: hours.map((each) => Math.round((each * HOUR_COST) / 100)),
    price: hours.map((each) => Math.round((each * HOUR_PRICE * (0.8 + 0.5 * random.next())) / 100)),
    popularity: cumulate(ranks.map((rank) => 1 / (rank + 4))),
    parts: sizes.map((size) => differentParts(size, parts, random)),
  };
}

function differentParts(size: number, parts: Parts, random: Random): readonly number[] {
  const chosen = new Set<number>();
  while (chosen.size < size) chosen.add(random.int(0, parts.count - 1));
  return [...chosen].sort((one, other) => one - other);
}

export const serviceColumns = [
  "service_id",
  "service_code",
  "name",
  "category",
  "labor_hours",
  "labor_cost",
  "price",
  "is_active",
  "created_at",
  "updated_at",
] as const;

export function* serviceRows(services: Services, window: Window, random: Random): Iterable<string> {
  for (let index = 0; index < services.count; index++) {
    const kind = CATEGORIES[services.category[index] as number] as ServiceCategory;
    const createdAt = window.start - Math.floor(random.next() * 1_200 * DAY) - DAY;
    yield copyRow(
      index + 1,
      serviceCode(index + 1),
      `${random.pick(kind.verbs)} ${random.pick(kind.objects)}`,
      random.chance(FLAW_SHARE) ? flawedCategory(kind.name, random) : kind.name,
      centsText(services.hours[index] as number),
      centsText(services.laborCost[index] as number),
      centsText(services.price[index] as number),
      copyBoolean(!random.chance(0.03)),
      timestampText(createdAt),
      timestampText(updatedAfter(createdAt, window, random)),
    );
  }
}

/** `S-00012`: unique. */
export function serviceCode(id: number | string): string {
  return `S-${String(id).padStart(5, "0")}`;
}

function flawedCategory(name: string, random: Random): string {
  return random.pick([name.toLowerCase(), `${name} `, NULL]);
}

export const needColumns = [
  "service_id",
  "part_id",
  "quantity",
  "created_at",
  "updated_at",
] as const;

export function* needRows(services: Services, window: Window, random: Random): Iterable<string> {
  for (let service = 0; service < services.count; service++) {
    for (const part of services.parts[service] as readonly number[]) {
      const createdAt = window.start - Math.floor(random.next() * 600 * DAY) - DAY;
      yield copyRow(
        service + 1,
        part + 1,
        random.chance(0.7) ? 1 : random.int(2, 5),
        timestampText(createdAt),
        timestampText(createdAt),
      );
    }
  }
}
