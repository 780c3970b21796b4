import type { Window } from "../../sample-calendar";
import type { Random } from "../../sample-random";
import { centsText, copyRow, DAY, HOUR, NULL, timestampText } from "../../sample-text";
import type { Customers } from "./customers";
import { CHANNELS, lineTotal, Orders, orderTotal, STATUSES } from "./order-plan";
import type { Tenant } from "./tenants";

const FLAW_SHARE = 0.005;

export const orderColumns = [
  "id",
  "tenant_id",
  "customer_id",
  "order_number",
  "status",
  "currency",
  "subtotal",
  "discount_amount",
  "tax_amount",
  "shipping_amount",
  "total_amount",
  "coupon_code",
  "metadata",
  "ordered_at",
  "created_at",
  "updated_at",
] as const;

const COUPONS = ["WELCOME10", "SPRING", "FRIENDS", "BLACKFRIDAY", "LOYAL20"];

export function* orderRows(
  orders: Orders,
  customers: Customers,
  tenants: readonly Tenant[],
  window: Window,
  random: Random,
): Iterable<string> {
  const numbers = new Int32Array(tenants.length);
  for (let order = 0; order < orders.count; order++) {
    const customer = orders.customer[order] as number;
    const owner = customers.tenant[customer] as number;
    const tenant = tenants[owner] as Tenant;
    const number = (numbers[owner] = (numbers[owner] as number) + 1);
    const orderedAt = orders.orderedAt[order] as number;
    const status = STATUSES[orders.status[order] as number] as string;
    const discount = orders.discount[order] as number;
    const stored = storedValues(status, orderTotal(orders, order), random);
    const channel = CHANNELS[orders.channel[order] as number] as string;
    yield copyRow(
      order + 1,
      tenant.id,
      customer + 1,
      orderNumber(tenant.id, number),
      stored.status,
      tenant.country.currency,
      centsText(orders.subtotal[order] as number),
      centsText(discount),
      centsText(orders.tax[order] as number),
      centsText(orders.shipping[order] as number),
      centsText(stored.total),
      discount === 0 ? NULL : random.pick(COUPONS),
      random.chance(0.06) ? `{"channel":"${channel}","gift":true}` : `{"channel":"${channel}"}`,
      timestampText(orderedAt),
      timestampText(orderedAt),
      timestampText(Math.min(orderedAt + settledAfter(status, random), window.until - 1)),
    );
  }
}

/** What customers see as the number of their order: unique within its tenant. */
export function orderNumber(tenant: number | string, number: number | string): string {
  return `T${tenant}-${String(number).padStart(6, "0")}`;
}

function settledAfter(status: string, random: Random): number {
  if (status === "pending") return 0;
  return Math.floor(status === "paid" ? random.exponential(HOUR) : (1 + random.next() * 6) * DAY);
}

function storedValues(status: string, total: number, random: Random) {
  if (!random.chance(FLAW_SHARE)) return { status, total };
  switch (random.int(0, 2)) {
    case 0:
      return { status, total: total + random.int(1, 500) };
    case 1:
      return { status, total: -total };
    default:
      return { status: status.toUpperCase(), total };
  }
}

export const itemColumns = [
  "id",
  "tenant_id",
  "order_id",
  "product_id",
  "quantity",
  "unit_price",
  "discount_amount",
  "line_total",
  "created_at",
  "updated_at",
] as const;

export function* itemRows(
  orders: Orders,
  customers: Customers,
  tenants: readonly Tenant[],
  random: Random,
): Iterable<string> {
  const { items } = orders;
  for (let order = 0; order < orders.count; order++) {
    const customer = orders.customer[order] as number;
    const tenant = (tenants[customers.tenant[customer] as number] as Tenant).id;
    const createdAt = timestampText(orders.orderedAt[order] as number);
    const end = orders.firstItem[order + 1] as number;
    for (let item = orders.firstItem[order] as number; item < end; item++) {
      let quantity = items.quantity[item] as number;
      let total = lineTotal(items, item);
      if (random.chance(FLAW_SHARE)) {
        if (random.chance(0.4)) quantity = -random.int(0, 1);
        else total += random.int(1, 300);
      }
      yield copyRow(
        item + 1,
        tenant,
        order + 1,
        (items.product[item] as number) + 1,
        quantity,
        centsText(items.unitPrice[item] as number),
        centsText(items.discount[item] as number),
        centsText(total),
        createdAt,
        createdAt,
      );
    }
  }
}
