import type { Window } from "../../sample-calendar";
import { cumulate, Random } from "../../sample-random";
import { Micros, MINUTE, SECOND } from "../../sample-text";
import type { Customers } from "./customers";
import { activeTime, daySampler, timeOfDay } from "./demand";
import { CHANNELS, Orders } from "./order-plan";
import { drawProduct, Products } from "./products";
import type { Tenant } from "./tenants";

export const EVENT_TYPES = [
  "page_view",
  "product_view",
  "add_to_cart",
  "remove_from_cart",
  "checkout_started",
  "purchase",
  "search",
  "signup",
  "login",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One visit: its events are those from `first` to before `first + length`. */
export interface Session {
  readonly tenant: number;
  /** Index of the customer, -1 for a visitor who is not known. */
  readonly customer: number;
  readonly start: Micros;
  readonly first: number;
  readonly length: number;
}

/** Events in columns; `sessions` is ordered by start. */
export interface Events {
  readonly count: number;
  readonly sessions: readonly Session[];
  /** Index into EVENT_TYPES. */
  readonly type: Uint8Array;
  /** Index of the product viewed or put into the cart, or of the order bought; else -1. */
  readonly subject: Int32Array;
  /** Time since the session's start. */
  readonly offset: Float64Array;
}

const ANONYMOUS_SHARE = 0.3;
/** Kinds of visits without a purchase: bounce, browse, search and browse, abandoned cart. */
const visitTotals = cumulate([0.34, 0.33, 0.15, 0.18]);

/**
 * Every customer signs up in a session, every order on the web is bought in one, and the rest are
 * visits that end without a purchase, until there are exactly `count` events.
 */
export function planEvents(
  count: number,
  customers: Customers,
  products: Products,
  orders: Orders,
  tenants: readonly Tenant[],
  window: Window,
  random: Random,
): Events {
  const recorder = new Recorder(count);
  recordSignups(recorder, customers, random.fork("signups"));
  recordPurchases(recorder, customers, orders, products, random.fork("purchases"));
  recordVisits(recorder, customers, products, tenants, window, random.fork("visits"));
  return recorder.finish();
}

/** Collects events session by session, and takes no more than its capacity. */
class Recorder {
  private readonly sessions: Session[] = [];
  private readonly type: Uint8Array;
  private readonly subject: Int32Array;
  private readonly offset: Float64Array;
  private used = 0;
  private first = 0;
  private clock = 0;

  constructor(private readonly capacity: number) {
    this.type = new Uint8Array(capacity);
    this.subject = new Int32Array(capacity);
    this.offset = new Float64Array(capacity);
  }

  get isFull(): boolean {
    return this.used === this.capacity;
  }

  event(type: EventType, subject: number, random: Random): void {
    if (this.isFull) return;
    if (this.used > this.first) {
      this.clock += 2 * SECOND + Math.floor(random.exponential(45 * SECOND));
    }
    this.type[this.used] = EVENT_TYPES.indexOf(type);
    this.subject[this.used] = subject;
    this.offset[this.used] = this.clock;
    this.used++;
  }

  /** Ends the session; `startOf` gives its start from its duration. */
  endSession(tenant: number, customer: number, startOf: (duration: Micros) => Micros): void {
    const length = this.used - this.first;
    if (length > 0) {
      this.sessions.push({
        tenant,
        customer,
        start: startOf(this.clock),
        first: this.first,
        length,
      });
    }
    this.first = this.used;
    this.clock = 0;
  }

  finish(): Events {
    const { type, subject, offset } = this;
    const sessions = this.sessions.sort((a, b) => a.start - b.start || a.first - b.first);
    return { count: this.capacity, sessions, type, subject, offset };
  }
}

function recordSignups(recorder: Recorder, customers: Customers, random: Random): void {
  for (let customer = 0; customer < customers.count; customer++) {
    const createdAt = customers.createdAt[customer] as number;
    recorder.event("page_view", -1, random);
    recorder.event("signup", -1, random);
    recorder.endSession(customers.tenant[customer] as number, customer, (took) => createdAt - took);
  }
}

function recordPurchases(
  recorder: Recorder,
  customers: Customers,
  orders: Orders,
  products: Products,
  random: Random,
): void {
  const web = CHANNELS.indexOf("web");
  for (let order = 0; order < orders.count; order++) {
    if (orders.channel[order] !== web) continue;
    const customer = orders.customer[order] as number;
    const tenant = customers.tenant[customer] as number;
    if (random.chance(0.4)) recorder.event("login", -1, random);
    recorder.event("page_view", -1, random);
    const end = orders.firstItem[order + 1] as number;
    for (let item = orders.firstItem[order] as number; item < end; item++) {
      const product = orders.items.product[item] as number;
      recorder.event("product_view", product, random);
      recorder.event("add_to_cart", product, random);
    }
    if (random.chance(0.1)) {
      const other = drawProduct(products, tenant, random);
      recorder.event("add_to_cart", other, random);
      recorder.event("remove_from_cart", other, random);
    }
    recorder.event("checkout_started", -1, random);
    recorder.event("purchase", order, random);
    const orderedAt = orders.orderedAt[order] as number;
    recorder.endSession(tenant, customer, (took) => orderedAt - took);
  }
}

function recordVisits(
  recorder: Recorder,
  customers: Customers,
  products: Products,
  tenants: readonly Tenant[],
  window: Window,
  random: Random,
): void {
  const activity = cumulate(customers.activity);
  const weights = cumulate(tenants.map((tenant) => tenant.weight));
  const anyDay = daySampler(window, 0.6);
  while (!recorder.isFull) {
    const customer = random.chance(ANONYMOUS_SHARE) ? -1 : random.weighted(activity);
    const tenant = customer < 0 ? random.weighted(weights) : (customers.tenant[customer] as number);
    recordVisit(recorder, () => drawProduct(products, tenant, random), random);
    const begin =
      customer < 0
        ? timeOfDay(anyDay(random), random)
        : activeTime(
            customers.createdAt[customer] as number,
            customers.lifetime[customer] as number,
            window,
            random,
          );
    recorder.endSession(tenant, customer, (took) => Math.min(begin, window.until - MINUTE - took));
  }
}

function recordVisit(recorder: Recorder, product: () => number, random: Random): void {
  const kind = random.weighted(visitTotals);
  recorder.event("page_view", -1, random);
  if (kind === 0) {
    if (random.chance(0.35)) recorder.event("page_view", -1, random);
    return;
  }
  if (kind === 2) recorder.event("search", -1, random);
  for (let views = random.int(1, 4); views > 0; views--) {
    const viewed = product();
    recorder.event("product_view", viewed, random);
    if (kind !== 3 || !random.chance(views === 1 ? 1 : 0.5)) continue;
    recorder.event("add_to_cart", viewed, random);
    if (random.chance(0.15)) recorder.event("remove_from_cart", viewed, random);
  }
  if (kind === 3 && random.chance(0.35)) recorder.event("checkout_started", -1, random);
}
