import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { lakeNames, loadLake } from "../../lakes/load";
import { type LakeAccess, trinoAccessRules } from "../../model/trino-rules";
import { type Paths, paths } from "../paths";
import { readJson, writeWhole } from "../process/files";
import { withLock } from "../process/lock";
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
): Promise<boolean> {
  // Rules made of facts that another command has replaced meanwhile must not overwrite its rules.
  return withLock(accessFolder(at), async () => {
    const { tenants, columns } = { ...accessFacts(lake, at), ...changed };
    // Sorted, for queries give the tenants in any order, and the same rules must not look new.
    const facts = { tenants: [...tenants].sort(byNumber), columns };
    // Facts that no rules follow from would be in the way of every later command.
    const rules = trinoAccessRules(registeredLakes(lake, facts, at));
    writeIfChanged(factsFile(lake, at), `${JSON.stringify(facts)}\n`);
    return writeIfChanged(rulesFile(join(at.trino, "etc")), `${JSON.stringify(rules)}\n`);
  });
}

/** The lakes of this checkout that Trino knows, and this one with facts that are not written yet. */
function registeredLakes(lake: string, facts: AccessFacts, at: Paths): LakeAccess[] {
  return lakeNames()
    .filter((name) => name === lake || existsSync(factsFile(name, at)))
    .map((name) => {
      const { tenants, columns } = name === lake ? facts : accessFacts(name, at);
      return { lake: loadLake(name), tenants, storedColumns: columns };
    });
}

const byNumber = new Intl.Collator("en", { numeric: true }).compare;

const accessFolder = (at: Paths) => join(at.trino, "access");

const factsFile = (lake: string, at: Paths) => join(accessFolder(at), `${lake}.json`);

function writeIfChanged(path: string, text: string): boolean {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return false;
  writeWhole(path, text);
  return true;
}
