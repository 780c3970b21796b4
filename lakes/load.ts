import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { LakeDefinition } from "../model/definition";
import { UserError } from "../model/errors";
import { assembleLake, type CompiledSchema, type Lake } from "../model/lake";

const ROOT = join(__dirname, "..");

/** The names of the lakes that this checkout defines: folders of lakes/ with a lake.ts. */
export function lakeNames(): string[] {
  return readdirSync(__dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(__dirname, entry.name, "lake.ts")))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Loads a lake by name: its definition, the SQL under sql/<name> and the compiled schema.
 * @throws UserError for an unknown name, DefinitionError for mistakes in what was found.
 */
export function loadLake(name: string): Lake {
  if (!lakeNames().includes(name)) {
    throw new UserError(`there is no lake "${name}"; expected one of ${lakeNames().join(", ")}`);
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- lakes are found by name
  const module_ = require(join(__dirname, name, "lake.ts")) as { default: LakeDefinition };
  return assembleLake(module_.default, {
    silver: sqlFiles(join(ROOT, "sql", name, "silver")),
    gold: sqlFiles(join(ROOT, "sql", name, "gold")),
    schema: compiledSchema(schemaPath(name)),
  });
}

/** Where a lake's compiled schema is kept. */
export function schemaPath(name: string): string {
  return join(__dirname, name, "schema.json");
}

function compiledSchema(path: string): CompiledSchema {
  if (!existsSync(path)) return { tables: {}, models: {} };
  return JSON.parse(readFileSync(path, "utf8")) as CompiledSchema;
}

function sqlFiles(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort();
  return Object.fromEntries(
    names.map((file) => [file.slice(0, -".sql".length), readFileSync(join(folder, file), "utf8")]),
  );
}
