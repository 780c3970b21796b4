import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { lakeNames, loadLake } from "../../lakes/load";
import { trinoAccessRules } from "../../model/trino-rules";
import { type Paths, paths } from "../paths";
import { readJson, writeWhole } from "../process/files";
import { rulesFile } from "./config";

/** What a lake's access rules depend on beside its definition, kept between commands. */
export interface AccessFacts {
  /** Ids of the tenants. */
  readonly tenants: readonly string[];
  /** Columns that tables really have, by `silver.core_order`. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

/** What is known of a lake; nothing before its first registration. */
export function accessFacts(lake: string, at: Paths = paths()): AccessFacts {
  return readJson<AccessFacts>(factsFile(lake, at)) ?? { tenants: [], columns: {} };
}

/**
 * Writes Trino's access rules, those of every lake of this checkout that has been registered.
 *
 * @param changed facts of this lake that are new
 * @returns whether the rules changed; they hold after RULES_IN_FORCE_MS
 */
export function writeAccessRules(
  lake: string,
  changed: Partial<AccessFacts>,
  at: Paths = paths(),
): boolean {
  const { tenants, columns } = { ...accessFacts(lake, at), ...changed };
  // Sorted, for queries give the tenants in any order, and the same rules must not look new.
  const facts = { tenants: [...tenants].sort(byNumber), columns };
  writeIfChanged(factsFile(lake, at), `${JSON.stringify(facts)}\n`);
  const registered = lakeNames().filter((name) => existsSync(factsFile(name, at)));
  const rules = trinoAccessRules(
    registered.map((name) => {
      const { tenants, columns } = accessFacts(name, at);
      return { lake: loadLake(name), tenants, storedColumns: columns };
    }),
  );
  return writeIfChanged(rulesFile(join(at.trino, "etc")), `${JSON.stringify(rules)}\n`);
}

const byNumber = new Intl.Collator("en", { numeric: true }).compare;

const factsFile = (lake: string, at: Paths) => join(at.trino, "access", `${lake}.json`);

function writeIfChanged(path: string, text: string): boolean {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return false;
  writeWhole(path, text);
  return true;
}
