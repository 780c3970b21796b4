import type { Window } from "../../sample-calendar";
import { cumulate, Random } from "../../sample-random";
import { DAY } from "../../sample-text";
import type { Customers } from "./customers";
import { activeTime } from "./demand";
import { drawProduct, Products } from "./products";
import type { Tenant } from "./tenants";

export const STATUSES = [
  "pending",
  "paid",
  "shipped",
  "delivered",
  "cancelled",
  "refunded",
] as const;
export const CHANNELS = ["web", "app", "marketplace", "phone"] as const;
/** Share of orders per channel; only orders on the web leave events behind. */
const channelTotals = cumulate([0.28, 0.34, 0.27, 0.11]);

/** Orders and their items in columns, ordered by time: the order at index i has id i + 1. */
export interface Orders {
  readonly count: number;
  readonly customer: Int32Array;
  readonly orderedAt: Float64Array;
  readonly status: Uint8Array;
  readonly channel: Uint8Array;
  readonly subtotal: Int32Array;
  readonly discount: Int32Array;
  readonly tax: Int32Array;
  readonly shipping: Int32Array;
  /** Items of order i are those from firstItem[i] to before firstItem[i + 1]. */
  readonly firstItem: Int32Array;
  readonly items: Items;
}

/** The item at index i has id i + 1; money is in cents. */
export interface Items {
  readonly count: number;
  readonly product: Int32Array;
  readonly quantity: Int32Array;
  readonly unitPrice: Int32Array;
  readonly discount: Int32Array;
}

export function planOrders(
  counts: { readonly orders: number; readonly items: number },
  customers: Customers,
  products: Products,
  tenants: readonly Tenant[],
  window: Window,
  random: Random,
): Orders {
  const placed = placeOrders(counts.orders, customers, window, random.fork("times"));
  const firstItem = firstItems(counts.orders, counts.items, random.fork("sizes"));
  const items = planItems(firstItem, placed.customer, customers, products, random.fork("items"));
  const details = random.fork("details");
  const orders = {
    ...placed,
    count: counts.orders,
    firstItem,
    items,
    status: new Uint8Array(counts.orders),
    channel: new Uint8Array(counts.orders),
    subtotal: new Int32Array(counts.orders),
    discount: new Int32Array(counts.orders),
    tax: new Int32Array(counts.orders),
    shipping: new Int32Array(counts.orders),
  };
  for (let order = 0; order < counts.orders; order++) {
    const customer = orders.customer[order] as number;
    const tenant = tenants[customers.tenant[customer] as number] as Tenant;
    const subtotal = sumOfItems(orders, order);
    const discount = details.chance(0.16)
      ? Math.round(subtotal * details.pick([0.05, 0.1, 0.2]))
      : 0;
    const age = (window.until - (orders.orderedAt[order] as number)) / DAY;
    orders.status[order] = STATUSES.indexOf(statusAtAge(age, details));
    orders.channel[order] = details.weighted(channelTotals);
    orders.subtotal[order] = subtotal;
    orders.discount[order] = discount;
    orders.tax[order] = Math.round(((subtotal - discount) * tenant.country.tax) / 100);
    orders.shipping[order] = subtotal >= 10_000 ? 0 : details.pick([490, 690, 990]);
  }
  return orders;
}

/** Money of an item's line, in cents. */
export function lineTotal(items: Items, item: number): number {
  const price = (items.quantity[item] as number) * (items.unitPrice[item] as number);
  return price - (items.discount[item] as number);
}

/** Money of the whole order, in cents. */
export function orderTotal(orders: Orders, order: number): number {
  return (
    (orders.subtotal[order] as number) -
    (orders.discount[order] as number) +
    (orders.tax[order] as number) +
    (orders.shipping[order] as number)
  );
}

/** Who orders when: more by active customers, less and less as a customer's interest decays. */
function placeOrders(count: number, customers: Customers, window: Window, random: Random) {
  const totals = cumulate(
    customers.activity.map((activity, customer) => {
      const tenure = window.until - (customers.createdAt[customer] as number);
      return activity * (1 - Math.exp(-tenure / (customers.lifetime[customer] as number)));
    }),
  );
  const customer = new Int32Array(count);
  const orderedAt = new Float64Array(count);
  for (let order = 0; order < count; order++) {
    const who = random.weighted(totals);
    const since = customers.createdAt[who] as number;
    customer[order] = who;
    orderedAt[order] = activeTime(since, customers.lifetime[who] as number, window, random);
  }
  const byTime = Int32Array.from(orderedAt, (_, order) => order).sort(
    (one, other) => (orderedAt[one] as number) - (orderedAt[other] as number) || one - other,
  );
  return {
    customer: byTime.map((order) => customer[order] as number),
    orderedAt: Float64Array.from(byTime, (order) => orderedAt[order] as number),
  };
}

const MOST_ITEMS = 8;
const sizeTotals = cumulate([0.2, 0.25, 0.22, 0.15, 0.09, 0.05, 0.03, 0.01]);

/** How many items each order has, adjusted at random orders until they are exactly `items`. */
function firstItems(orders: number, items: number, random: Random): Int32Array {
  const sizes = Int32Array.from({ length: orders }, () => random.weighted(sizeTotals) + 1);
  let surplus = sizes.reduce((sum, size) => sum + size, 0) - items;
  while (surplus !== 0) {
    const order = random.int(0, orders - 1);
    const step = surplus > 0 ? -1 : 1;
    const size = (sizes[order] as number) + step;
    if (size < 1 || size > MOST_ITEMS) continue;
    sizes[order] = size;
    surplus += step;
  }
  const first = new Int32Array(orders + 1);
  for (let order = 0; order < orders; order++) {
    first[order + 1] = (first[order] as number) + (sizes[order] as number);
  }
  return first;
}

function planItems(
  firstItem: Int32Array,
  orderCustomer: Int32Array,
  customers: Customers,
  products: Products,
  random: Random,
): Items {
  const count = firstItem[firstItem.length - 1] as number;
  const items: Items = {
    count,
    product: new Int32Array(count),
    quantity: new Int32Array(count),
    unitPrice: new Int32Array(count),
    discount: new Int32Array(count),
  };
  for (let order = 0; order + 1 < firstItem.length; order++) {
    const from = firstItem[order] as number;
    const tenant = customers.tenant[orderCustomer[order] as number] as number;
    for (let item = from; item < (firstItem[order + 1] as number); item++) {
      const product = drawOther(items.product, from, item, () =>
        drawProduct(products, tenant, random),
      );
      const unitPrice = products.priceCents[product] as number;
      const quantity = random.chance(0.72) ? 1 : random.int(2, 4);
      items.product[item] = product;
      items.quantity[item] = quantity;
      items.unitPrice[item] = unitPrice;
      items.discount[item] = random.chance(0.08) ? Math.round(quantity * unitPrice * 0.15) : 0;
    }
  }
  return items;
}

/** A product that the order does not hold yet; after a few attempts a second line of one it does. */
function drawOther(taken: Int32Array, from: number, to: number, draw: () => number): number {
  for (let attempt = 0; ; attempt++) {
    const product = draw();
    const position = taken.subarray(from, to).indexOf(product);
    if (position < 0 || attempt === 6) return product;
  }
}

function sumOfItems(orders: Pick<Orders, "firstItem" | "items">, order: number): number {
  let sum = 0;
  const end = orders.firstItem[order + 1] as number;
  for (let item = orders.firstItem[order] as number; item < end; item++) {
    sum += lineTotal(orders.items, item);
  }
  return sum;
}

function statusAtAge(days: number, random: Random): (typeof STATUSES)[number] {
  const fate = random.next();
  if (fate < 0.06) return "cancelled";
  if (days < 1) return fate < 0.45 ? "pending" : "paid";
  if (days < 3) return fate < 0.12 ? "pending" : fate < 0.6 ? "paid" : "shipped";
  if (days < 8) return fate < 0.35 ? "shipped" : "delivered";
  return fate < 0.1 ? "refunded" : "delivered";
}
