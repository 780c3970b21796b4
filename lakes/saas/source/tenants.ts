import type { Window } from "../../sample-calendar";
import { asciiName } from "../../sample-names";
import type { Random } from "../../sample-random";
import { copyBoolean, copyRow, copyText, DAY, Micros, timestampText } from "../../sample-text";
import { timeOfDay } from "./demand";
import type { Country, Values } from "./values";

export interface Tenant {
  readonly id: number;
  readonly name: string;
  readonly slug: string;
  /** The domain as it should be; the stored one may be flawed. */
  readonly domain: string;
  readonly country: Country;
  /** Share of customers, products and traffic, relative to the other tenants. */
  readonly weight: number;
  /** How its customers grow over the window: 0 not, 1 doubles, below 0 shrinks. */
  readonly growth: number;
  readonly plan: string;
  readonly isActive: boolean;
  readonly createdAt: Micros;
}

/** Tenants of very different sizes, in random order: the largest has a multiple of the smallest. */
export function planTenants(
  count: number,
  window: Window,
  values: Values,
  random: Random,
): readonly Tenant[] {
  const ranks = random.shuffle(Array.from({ length: count }, (_, rank) => rank));
  return ranks.map((rank, index) => {
    const id = index + 1;
    const name = random.pick(values.companies);
    const slug = `${asciiName(name, "shop")}-${id}`;
    const age = random.int(30, 900);
    return {
      id,
      name,
      slug,
      domain: `${slug}.example.com`,
      country: random.pick(values.countries),
      weight: (0.85 + 0.3 * random.next()) / (rank + 1) ** 0.75,
      growth: -0.3 + 2.8 * random.next(),
      plan: planOfRank(rank / count),
      isActive: count < 20 || !random.chance(0.03),
      createdAt: timeOfDay(window.start / DAY - age, random),
    };
  });
}

function planOfRank(position: number): string {
  if (position < 0.25) return "enterprise";
  return position < 0.6 ? "growth" : "starter";
}

export const tenantColumns = [
  "id",
  "name",
  "slug",
  "domain",
  "plan",
  "is_active",
  "settings",
  "created_at",
  "updated_at",
] as const;

export function* tenantRows(
  tenants: readonly Tenant[],
  window: Window,
  random: Random,
): Iterable<string> {
  for (const tenant of tenants) {
    const updated = tenant.createdAt + random.next() * (window.until - tenant.createdAt);
    yield copyRow(
      tenant.id,
      copyText(tenant.name),
      tenant.slug,
      storedDomain(tenant),
      tenant.plan,
      copyBoolean(tenant.isActive),
      copyText(JSON.stringify(settings(tenant, random))),
      timestampText(tenant.createdAt),
      timestampText(Math.floor(updated)),
    );
  }
}

/** What somebody typed into the form: now and then not quite a domain, and rarely none at all. */
function storedDomain({ id, domain }: Tenant): string {
  if (id % 40 === 0) return `acme_inc_${id}`;
  if (id % 8 === 3) return `https://${domain}`;
  if (id % 8 === 5) return domain.toUpperCase();
  return id % 8 === 7 ? `${domain}. ` : domain;
}

/** The tenant's settings as the application writes them. */
export function settings(tenant: Tenant, random: Random): object {
  return {
    timezone: tenant.country.timezone,
    locale: tenant.country.locale,
    currency: tenant.country.currency,
    features: { reviews: random.chance(0.7), wishlist: random.chance(0.4) },
    limits: { seats: { starter: 5, growth: 25, enterprise: 250 }[tenant.plan] },
  };
}
