import type { Random } from "../../sample-random";
import { centsText, copyRow, DAY, Micros, NULL, SECOND, timestampText } from "../../sample-text";
import { EVENT_TYPES, Events, EventType } from "./event-plan";
import { Orders, orderTotal } from "./order-plan";
import type { Products } from "./products";
import type { Tenant } from "./tenants";

const FLAW_SHARE = 0.0045;

export const eventColumns = [
  "id",
  "tenant_id",
  "customer_id",
  "session_id",
  "event_type",
  "page_url",
  "referrer",
  "device",
  "metadata",
  "occurred_at",
  "created_at",
] as const;

export const DEVICES = ["mobile", "mobile", "mobile", "desktop", "desktop", "tablet"];
export const REFERRERS = [
  "https://search.example.com/",
  "https://social.example.net/feed",
  "https://newsletter.example.org/issue?utm_source=newsletter",
  "https://ads.example.net/click?utm_campaign=launch",
];
const PAGES = ["/", "/", "/", "/sale", "/new", "/about", "/shipping", "/account"];
const SEARCHES = [
  "gift",
  "sale",
  "coffee",
  "black jacket",
  "wireless",
  "für Kinder",
  "présent",
  "本",
];
const UNKNOWN_TYPES = ["pageview", "unknown", "heartbeat_v2"];

export function* eventRows(
  events: Events,
  orders: Orders,
  products: Products,
  tenants: readonly Tenant[],
  random: Random,
): Iterable<string> {
  let id = 0;
  for (const session of events.sessions) {
    const tenant = tenants[session.tenant] as Tenant;
    const site = `https://${tenant.domain}`;
    const sessionId = random.uuid();
    const device = random.pick(DEVICES);
    const customer = session.customer < 0 ? NULL : session.customer + 1;
    for (let event = session.first; event < session.first + session.length; event++) {
      const type = EVENT_TYPES[events.type[event] as number] as EventType;
      const subject = events.subject[event] as number;
      const occurredAt = session.start + (events.offset[event] as number);
      const details = metadata(type, subject, orders, products, random);
      const stored = storedValues(type, details, occurredAt, random);
      const isArrival = event === session.first && random.chance(0.6);
      yield copyRow(
        ++id,
        tenant.id,
        customer,
        sessionId,
        stored.type,
        site + page(type, subject, random),
        isArrival ? random.pick(REFERRERS) : NULL,
        device,
        stored.details,
        timestampText(stored.occurredAt),
        timestampText(occurredAt + random.int(1_000, 2 * SECOND)),
      );
    }
  }
}

function page(type: EventType, subject: number, random: Random): string {
  switch (type) {
    case "product_view":
    case "add_to_cart":
      return `/products/${subject + 1}`;
    case "remove_from_cart":
      return "/cart";
    case "checkout_started":
      return "/checkout";
    case "purchase":
      return `/orders/${subject + 1}/thanks`;
    case "page_view":
      return random.pick(PAGES);
    default:
      return `/${type}`;
  }
}

/** The JSON that the browser sends; its values need no escaping in COPY text format. */
function metadata(
  type: EventType,
  subject: number,
  orders: Orders,
  products: Products,
  random: Random,
): string {
  switch (type) {
    case "product_view":
      return `{"product_id":${subject + 1},"duration_ms":${random.int(800, 90_000)}}`;
    case "add_to_cart":
    case "remove_from_cart": {
      const value = centsText(products.priceCents[subject] as number);
      return `{"product_id":${subject + 1},"value":"${value}"}`;
    }
    case "purchase":
      return `{"order_id":${subject + 1},"value":"${centsText(orderTotal(orders, subject))}"}`;
    case "search":
      return `{"query":"${random.pick(SEARCHES)}","duration_ms":${random.int(300, 9_000)}}`;
    case "signup":
    case "login":
      return `{"method":"${random.chance(0.8) ? "password" : "sso"}"}`;
    default:
      return `{"duration_ms":${random.int(300, 60_000)}}`;
  }
}

function storedValues(type: string, details: string, occurredAt: Micros, random: Random) {
  if (!random.chance(FLAW_SHARE)) return { type, details, occurredAt };
  switch (random.int(0, 2)) {
    case 0:
      return { type, details: details.slice(0, -random.int(1, 6)), occurredAt };
    case 1:
      return { type, details, occurredAt: occurredAt + random.int(400, 4_000) * DAY };
    default:
      return { type: random.pick(UNKNOWN_TYPES), details, occurredAt };
  }
}
