import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import type { QueryOptions, QueryResult } from "../analytics/query-client";
import { TrinoClient } from "../analytics/trino-client";
import { lakeHome } from "../local/paths";
import { useTrino } from "../local/services";
import { accessFacts, RULES_IN_FORCE_MS, writeAccessRules } from "../local/trino";
import { UserError } from "../model/errors";
import { tenantsQuery } from "../model/isolation";
import type { Lake } from "../model/lake";
import { ADMIN, isUserName, tenantUser } from "../model/trino-rules";

/** A lake's tables, open for queries by any user of the lake. */
export interface OpenTrino extends AsyncDisposable {
  readonly client: TrinoClient;
  /** Runs a query with the lake as its catalog. @default user admin */
  query(sql: string, options?: Partial<QueryOptions>): Promise<QueryResult>;
  /** Ids of the tenants, as the lake has them now; the access rules know them afterwards. */
  tenants(): Promise<readonly string[]>;
}

/**
 * Starts the local Trino where it does not run.
 * @throws UserError for a lake that has no tables yet
 */
export async function openTrino(lake: Lake): Promise<OpenTrino> {
  const { name } = lake.definition;
  if (!existsSync(lakeHome(name).metastore)) {
    throw new UserError(`the lake ${name} has no tables yet; ./lake run makes them`);
  }
  await writeAccessRules(name, {});
  const service = await useTrino(name);
  const client = new TrinoClient(`http://127.0.0.1:${service.port}`);
  const query = (sql: string, options: Partial<QueryOptions> = {}) =>
    client.query(sql, { user: ADMIN, catalog: name, schema: "silver", ...options });
  return {
    client,
    query,
    async tenants() {
      const sql = tenantsQuery(lake, "trino");
      const tenants = sql ? (await query(sql)).rows.map(([id]) => String(id)) : [];
      if (await writeAccessRules(name, { tenants })) await sleep(RULES_IN_FORCE_MS);
      return accessFacts(name).tenants;
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

/**
 * Makes sure that a user named by hand is one of the lake's.
 * @throws UserError saying who there is
 */
export async function requireUser(user: string, lake: Lake, trino: OpenTrino): Promise<void> {
  if (!isUserName(user)) {
    const id = /^tenant_(.*)$/s.exec(user)?.[1];
    const meant = id === undefined ? "tenant_<id>" : `${tenantUser(id)} for tenant "${id}"`;
    throw new UserError(`"${user}" is no user; expected admin, analyst or ${meant}`);
  }
  const isKnown = (tenants: readonly string[]) =>
    !user.startsWith("tenant_") || tenants.some((tenant) => tenantUser(tenant) === user);
  if (isKnown(accessFacts(lake.definition.name).tenants)) return;
  const tenants = await trino.tenants();
  if (isKnown(tenants)) return;
  throw new UserError(
    `the lake has no tenant for "${user}"; its tenants' users are ${tenants.map(tenantUser).join(", ") || "none yet"}`,
  );
}
