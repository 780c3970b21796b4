import type { Window } from "../../sample-calendar";
import { cumulate, inTurn, type Random } from "../../sample-random";
import {
  centsText,
  copyBoolean,
  copyRow,
  copyText,
  DAY,
  Micros,
  NULL,
  timestampText,
} from "../../sample-text";
import type { Values } from "./values";

interface PartCategory {
  readonly name: string;
  /** Median cost in cents. */
  readonly cost: number;
  readonly things: readonly string[];
}

const CATEGORIES: readonly PartCategory[] = [
  category("Brakes", 4_200, "Brake Pad Set,Brake Disc,Brake Caliper,Brake Hose,Brake Fluid"),
  category("Engine", 6_800, "Timing Belt,Water Pump,Spark Plug,Head Gasket,Alternator Belt"),
  category("Filters", 1_100, "Oil Filter,Air Filter,Cabin Filter,Fuel Filter"),
  category("Electrical", 7_500, "Battery,Alternator,Starter,Headlight Bulb,Fuse Set"),
  category("Suspension", 8_800, "Shock Absorber,Control Arm,Ball Joint,Coil Spring"),
  category("Exhaust", 9_500, "Muffler,Catalytic Converter,Oxygen Sensor,Exhaust Pipe"),
  category("Fluids", 1_600, "Motor Oil 5W-30,Coolant,Transmission Fluid,Washer Fluid"),
  category("Tires", 9_900, "All-Season Tire,Winter Tire,Summer Tire,Valve Stem"),
];

function category(name: string, cost: number, things: string): PartCategory {
  return { name, cost, things: things.split(",") };
}

/** Parts in columns; the part at index i has id i + 1, money is in cents. */
export interface Parts {
  readonly count: number;
  readonly category: Uint8Array;
  readonly cost: Int32Array;
  readonly price: Int32Array;
  /** Running totals of how often a part is used. */
  readonly popularity: Float64Array;
}

const FLAW_SHARE = 0.03;

/** Popularity follows Zipf's law. */
export function planParts(count: number, random: Random): Parts {
  const category = Uint8Array.from({ length: count }, () => random.int(0, CATEGORIES.length - 1));
  const cost = Int32Array.from(category, (kind) =>
    Math.max(50, Math.round((CATEGORIES[kind] as PartCategory).cost * random.logNormal(0.6))),
  );
  const ranks = random.shuffle(Array.from({ length: count }, (_, rank) => rank));
  return {
    count,
    category,
    cost,
    price: cost.map((cents) => Math.round((cents * (1.35 + 0.5 * random.next())) / 5) * 5),
    popularity: cumulate(ranks.map((rank) => 1 / (rank + 3))),
  };
}

export const partColumns = [
  "part_id",
  "part_number",
  "name",
  "category",
  "manufacturer",
  "unit_cost",
  "unit_price",
  "stock_quantity",
  "reorder_level",
  "is_active",
  "created_at",
  "updated_at",
] as const;

export function* partRows(
  parts: Parts,
  values: Values,
  window: Window,
  random: Random,
): Iterable<string> {
  const flaw = inTurn(6);
  for (let index = 0; index < parts.count; index++) {
    const kind = CATEGORIES[parts.category[index] as number] as PartCategory;
    const number = partNumber(kind.name, index + 1);
    const level = random.int(2, 40);
    const stored = storedValues(
      { number, category: kind.name, price: parts.price[index] as number, stock: stock(level) },
      flaw,
      random,
    );
    const createdAt = window.start - Math.floor(random.next() * 900 * DAY) - DAY;
    yield copyRow(
      index + 1,
      stored.number,
      `${random.pick(kind.things)} ${random.pick(["A", "B", "C", "D"])}${random.int(10, 99)}`,
      stored.category,
      random.chance(0.02) ? NULL : copyText(random.pick(values.manufacturers)),
      centsText(parts.cost[index] as number),
      centsText(stored.price),
      stored.stock,
      level,
      copyBoolean(!random.chance(0.03)),
      timestampText(createdAt),
      timestampText(updatedAfter(createdAt, window, random)),
    );
  }

  function stock(level: number): number {
    return random.chance(0.04) ? 0 : Math.floor(level * (0.4 + random.exponential(2.5)));
  }
}

/** `BRA-000012`, as it is printed on the shelf. */
export function partNumber(category: string, id: number): string {
  return `${category.slice(0, 3).toUpperCase()}-${String(id).padStart(6, "0")}`;
}

/** A time from `createdAt` on, within the data. */
export function updatedAfter(createdAt: Micros, window: Window, random: Random): Micros {
  return createdAt + Math.floor(random.next() * (window.until - createdAt));
}

interface Stored {
  readonly number: string;
  readonly category: string;
  readonly price: number;
  readonly stock: number;
}

function storedValues(right: Stored, flaw: () => number, random: Random): Stored {
  if (!random.chance(FLAW_SHARE)) return right;
  switch (flaw()) {
    case 0:
      return { ...right, stock: -right.stock - 1 };
    case 1:
      return { ...right, category: ` ${right.category.toLowerCase()}` };
    case 2:
      return { ...right, category: NULL };
    case 3:
      return { ...right, number: right.number.toLowerCase().replace("-", " ") };
    case 4:
      return { ...right, category: right.category.toUpperCase() };
    default:
      return { ...right, price: 0 };
  }
}
