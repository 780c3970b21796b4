import type { Window } from "../../sample-calendar";
import { asciiName } from "../../sample-names";
import { apportion, Random } from "../../sample-random";
import {
  copyBoolean,
  copyRow,
  copyText,
  DAY,
  Micros,
  NULL,
  timestampText,
} from "../../sample-text";
import { daySampler, timeOfDay } from "./demand";
import { LEAST_PER_TENANT } from "./scales";
import type { Tenant } from "./tenants";
import { Country, phone, Values } from "./values";

/** Customers in columns, ordered by when they came: the customer at index i has id i + 1. */
export interface Customers {
  readonly count: number;
  /** Index of the tenant. */
  readonly tenant: Int32Array;
  readonly createdAt: Float64Array;
  /** How often the customer comes, relative to the others. */
  readonly activity: Float64Array;
  /** Time constant with which the customer's interest decays. */
  readonly lifetime: Float64Array;
  /** Index into SEGMENTS. */
  readonly segment: Uint8Array;
}

export const SEGMENTS = ["consumer", "business", "enterprise"] as const;
const FLAW_SHARE = 0.02;

export function planCustomers(
  count: number,
  tenants: readonly Tenant[],
  window: Window,
  random: Random,
): Customers {
  const weights = tenants.map((tenant) => tenant.weight);
  const arrivals = apportion(count, weights, LEAST_PER_TENANT.customers).flatMap(
    (share, tenant) => {
      const day = daySampler(window, (tenants[tenant] as Tenant).growth);
      return Array.from({ length: share }, () => ({ tenant, at: timeOfDay(day(random), random) }));
    },
  );
  arrivals.sort((one, other) => one.at - other.at || one.tenant - other.tenant);
  return {
    count,
    tenant: Int32Array.from(arrivals, ({ tenant }) => tenant),
    createdAt: Float64Array.from(arrivals, ({ at }) => at),
    activity: Float64Array.from(arrivals, () => random.logNormal(0.9)),
    lifetime: Float64Array.from(arrivals, () => lifetime(random)),
    segment: Uint8Array.from(arrivals, () => segment(random)),
  };
}

/** Many come once or twice, some for a season, a core for years. */
function lifetime(random: Random): Micros {
  const kind = random.next();
  const days = kind < 0.35 ? 12 : kind < 0.75 ? 75 : 500;
  return days * DAY * (0.5 + random.next());
}

function segment(random: Random): number {
  const kind = random.next();
  return kind < 0.72 ? 0 : kind < 0.94 ? 1 : 2;
}

export const customerColumns = [
  "id",
  "tenant_id",
  "email",
  "first_name",
  "last_name",
  "phone",
  "company",
  "city",
  "country",
  "segment",
  "marketing_opt_in",
  "metadata",
  "created_at",
  "updated_at",
] as const;

const MAIL_HOSTS = ["example.com", "example.org", "example.net", "mail.example.com"];

export function* customerRows(
  customers: Customers,
  tenants: readonly Tenant[],
  values: Values,
  window: Window,
  random: Random,
): Iterable<string> {
  for (let index = 0; index < customers.count; index++) {
    const tenant = tenants[customers.tenant[index] as number] as Tenant;
    const segment = SEGMENTS[customers.segment[index] as number] as string;
    const createdAt = customers.createdAt[index] as number;
    const updated = random.chance(0.4)
      ? createdAt + Math.floor(random.next() * (window.until - createdAt))
      : createdAt;
    const person = drawPerson(index + 1, tenant.country, values, random);
    const email = random.chance(FLAW_SHARE) ? flawedEmail(person.email, random) : person.email;
    yield copyRow(
      index + 1,
      tenant.id,
      email,
      copyText(person.firstName),
      copyText(person.lastName),
      copyText(person.phone),
      segment === "consumer" ? NULL : copyText(random.pick(values.companies)),
      copyText(person.city),
      person.country.code,
      segment,
      copyBoolean(random.chance(0.45)),
      copyText(customerMetadata(random)),
      timestampText(createdAt),
      timestampText(updated),
    );
  }
}

export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string | null;
  readonly city: string | null;
  readonly country: Country;
}

/** A person, mostly of the tenant's country; the number makes the e-mail address unique. */
export function drawPerson(number: number, home: Country, values: Values, random: Random): Person {
  const country = random.chance(0.8) ? home : random.pick(values.countries);
  const firstName = random.pick(country.firstNames);
  const lastName = random.pick(country.lastNames);
  const mailbox = `${asciiName(firstName, "c")}.${asciiName(lastName, "x")}${number}`;
  return {
    firstName,
    lastName,
    email: `${mailbox}@${random.pick(MAIL_HOSTS)}`,
    phone: phone(country, random),
    city: random.chance(0.04) ? null : random.pick(country.cities),
    country,
  };
}

function flawedEmail(email: string, random: Random): string {
  switch (random.int(0, 2)) {
    case 0:
      return email.toUpperCase();
    case 1:
      return ` ${email} `;
    default:
      return email.replace("@", ".at.");
  }
}

const ORIGINS = ["ads", "organic", "referral", "newsletter", "social", "partner"];
const CAMPAIGNS = ["spring", "summer-sale", "back-to-school", "black-friday", "launch"];
const TAGS = ["vip", "newsletter", "wholesale", "beta", "returns-often", "gift-buyer"];

export function customerMetadata(random: Random): string {
  const source = random.pick(ORIGINS);
  const tags = TAGS.filter(() => random.chance(0.15));
  return JSON.stringify(
    source === "ads" || source === "newsletter"
      ? { source, utm_campaign: random.pick(CAMPAIGNS), tags }
      : { source, tags },
  );
}
