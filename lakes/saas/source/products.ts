import type { Window } from "../../sample-calendar";
import { apportion, cumulate, Random } from "../../sample-random";
import {
  centsText,
  copyBoolean,
  copyRow,
  copyText,
  DAY,
  NULL,
  timestampText,
} from "../../sample-text";
import { timeOfDay } from "./demand";
import { LEAST_PER_TENANT } from "./scales";
import type { Tenant } from "./tenants";
import type { Values } from "./values";

interface Category {
  readonly name: string;
  /** What people type instead. */
  readonly misspelled: readonly string[];
  /** Median price in cents. */
  readonly price: number;
  readonly things: readonly string[];
}

export const CATEGORIES: readonly Category[] = [
  category("Electronics", ["electronic"], 8900, "Headphones,Speaker,Keyboard,Charger,Camera,Lamp"),
  category("Home & Kitchen", ["home and kitchen"], 3400, "Pan,Kettle,Mug,Cushion,Knife,Blanket"),
  category("Clothing", ["clothes"], 3900, "Jacket,Shirt,Trousers,Scarf,Socks,Hat"),
  category("Books", ["book"], 1700, "Cookbook,Novel,Atlas,Notebook,Calendar,Comic"),
  category("Sports & Outdoors", ["sports"], 5200, "Tent,Backpack,Bottle,Racket,Helmet,Mat"),
  category("Beauty", ["beauty "], 2100, "Soap,Cream,Shampoo,Perfume,Brush,Mirror"),
  category("Toys", ["toy"], 2400, "Puzzle,Train,Doll,Kite,Blocks,Board Game"),
  category("Grocery", ["groceries"], 900, "Coffee,Tea,Honey,Pasta,Olive Oil,Chocolate"),
];

function category(name: string, misspelled: string[], price: number, things: string): Category {
  return { name, misspelled, price, things: things.split(",") };
}

/** Products in columns; the product at index i has id i + 1. */
export interface Products {
  readonly count: number;
  readonly tenant: Int32Array;
  readonly category: Uint8Array;
  readonly priceCents: Int32Array;
  readonly createdAt: Float64Array;
  /** Per tenant: the first index of its products, and running totals of their popularity. */
  readonly ofTenant: readonly { readonly first: number; readonly popularity: Float64Array }[];
}

const FLAW_SHARE = 0.02;

/** All are launched before the window; popularity within a tenant follows Zipf's law. */
export function planProducts(
  count: number,
  tenants: readonly Tenant[],
  window: Window,
  random: Random,
): Products {
  const shares = apportion(
    count,
    tenants.map((tenant) => Math.sqrt(tenant.weight)),
    LEAST_PER_TENANT.products,
  );
  const tenant = Int32Array.from(shares.flatMap((share, index) => Array(share).fill(index)));
  const category = Uint8Array.from(tenant, () => random.int(0, CATEGORIES.length - 1));
  let first = 0;
  return {
    count,
    tenant,
    category,
    priceCents: Int32Array.from(category, (kind) => {
      const median = (CATEGORIES[kind] as Category).price;
      return Math.max(99, Math.round((median * random.logNormal(0.5)) / 100) * 100 - 1);
    }),
    createdAt: Float64Array.from(tenant, (owner) => launchTime(tenants[owner] as Tenant, random)),
    ofTenant: shares.map((share) => {
      const ranks = random.shuffle(Array.from({ length: share }, (_, rank) => rank));
      const popularity = cumulate(ranks.map((rank) => 1 / (rank + 1.5) ** 1.05));
      const range = { first, popularity };
      first += share;
      return range;
    }),
  };

  function launchTime(owner: Tenant, source: Random): number {
    const days = (window.start - owner.createdAt) / DAY;
    return timeOfDay(Math.floor(window.start / DAY - source.next() * days) - 1, source);
  }
}

/** A product of the tenant, by popularity. */
export function drawProduct(products: Products, tenant: number, random: Random): number {
  const { first, popularity } = products.ofTenant[tenant] as Products["ofTenant"][number];
  return first + random.weighted(popularity);
}

export const productColumns = [
  "id",
  "tenant_id",
  "sku",
  "name",
  "category",
  "description",
  "price",
  "cost",
  "stock_quantity",
  "is_active",
  "created_at",
  "updated_at",
] as const;

export function* productRows(
  products: Products,
  tenants: readonly Tenant[],
  values: Values,
  window: Window,
  random: Random,
): Iterable<string> {
  for (let index = 0; index < products.count; index++) {
    const tenant = tenants[products.tenant[index] as number] as Tenant;
    const kind = CATEGORIES[products.category[index] as number] as Category;
    const thing = random.pick(kind.things);
    const price = products.priceCents[index] as number;
    const stored = storedValues(
      kind,
      price,
      Math.round(price * (0.4 + 0.35 * random.next())),
      random,
    );
    const createdAt = products.createdAt[index] as number;
    yield copyRow(
      index + 1,
      tenant.id,
      `${kind.name.slice(0, 3).toUpperCase()}-${String(index + 1).padStart(6, "0")}`,
      `${random.pick(values.adjectives)} ${random.pick(values.materials)} ${thing}`,
      stored.category,
      copyText(random.pick(values.descriptions)),
      centsText(stored.price),
      centsText(stored.cost),
      random.int(0, 600),
      copyBoolean(!random.chance(0.03)),
      timestampText(createdAt),
      timestampText(createdAt + Math.floor(random.next() * (window.until - createdAt))),
    );
  }
}

function storedValues(kind: Category, price: number, cost: number, random: Random) {
  const right = { category: kind.name, price, cost };
  if (!random.chance(FLAW_SHARE)) return right;
  switch (random.int(0, 7)) {
    case 0:
      return { ...right, category: kind.name.toUpperCase() };
    case 1:
      return { ...right, category: `  ${kind.name}` };
    case 2:
      return { ...right, category: random.pick(kind.misspelled) };
    case 3:
      return { ...right, category: NULL };
    case 4:
      return { ...right, category: "" };
    case 5:
      return { ...right, price: -price };
    case 6:
      return { ...right, price: 0 };
    default:
      return { ...right, cost: price * 2 };
  }
}
