/**
 * Tenants trade in different currencies and the lake knows no rates: amounts are summed per
 * currency. A tenant that is not in silver (in quarantine, or not there yet) has none.
 */
export const CURRENCY = "coalesce(tenant.currency, 'Unknown currency')";

/** Joins the tenant, and so its currency, to the relation with this alias. */
export function joinTenant(alias: string): string {
  return `LEFT JOIN gold.dim_tenant AS tenant ON tenant.tenant_id = ${alias}.tenant_id`;
}

/** The section's switch between currencies. */
export const CURRENCY_FACET = { column: "currency", title: "Currency" } as const;
