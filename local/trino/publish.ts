import { setTimeout as sleep } from "node:timers/promises";

import type { Lake } from "../../model/lake";
import { lakePaths, type Paths, paths } from "../paths";
import { writeAccessRules } from "./access";
import { type DescribedTable, registerLake } from "./catalog";
import { RULES_IN_FORCE_MS } from "./config";

/**
 * Makes a lake's tables readable through Trino as they are described, each user's rights first: a
 * column that is new must not be seen before the rule that hides it holds. Where nothing changed
 * this takes milliseconds.
 *
 * @param described the Spark application's `describe` result
 * @param tenants ids of the tenants, where they are known anew (`tenantsQuery` finds them)
 */
export async function publishLake(
  lake: Lake,
  described: readonly DescribedTable[],
  tenants?: readonly string[],
  at: Paths = paths(),
): Promise<void> {
  const columns = Object.fromEntries(
    described.map((table) => [
      `${table.layer}.${table.name}`,
      table.columns.map(({ name }) => name),
    ]),
  );
  const changed = await writeAccessRules(
    lake.definition.name,
    tenants ? { tenants, columns } : { columns },
    at,
  );
  if (changed) await sleep(RULES_IN_FORCE_MS);
  registerLake(lake, described, lakePaths(lake.definition, at));
}
