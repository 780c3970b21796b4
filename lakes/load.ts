import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { closestName } from "../model/closest-name";
import { type CompiledSchema, UNCOMPILED } from "../model/compiled-columns";
import { DefinitionError } from "../model/define-lake";
import type { LakeDefinition } from "../model/definition";
import { UserError } from "../model/errors";
import { assembleLake, type Lake } from "../model/lake";

/** The folder that holds lakes/ and sql/. */
const CHECKOUT = join(__dirname, "..");

/** The names of the lakes that this checkout defines: folders of lakes/ with a lake.ts. */
export function lakeNames(checkout = CHECKOUT): string[] {
  return readdirSync(join(checkout, "lakes"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(definitionPath(entry.name, checkout)))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Loads a lake by name: its definition, the SQL under sql/<name> and the compiled schema.
 * @throws UserError for an unknown name, DefinitionError for mistakes in what was found.
 */
export function loadLake(name: string, checkout = CHECKOUT): Lake {
  return load(name, checkout, compiledSchema(schemaPath(name, checkout)));
}

/** Loads a lake as if it had never been compiled: its SQL may be newer than schema.json. */
export function loadUncompiledLake(name: string, checkout = CHECKOUT): Lake {
  return load(name, checkout, UNCOMPILED);
}

/** Where a lake's compiled schema is kept. */
export function schemaPath(name: string, checkout = CHECKOUT): string {
  return join(checkout, "lakes", name, "schema.json");
}

function load(name: string, checkout: string, schema: CompiledSchema): Lake {
  const known = lakeNames(checkout);
  if (!known.includes(name)) {
    const close = closestName(name, known);
    const meant = close ? `; did you mean ${close}? There are ` : "; expected one of ";
    throw new UserError(`there is no lake "${name}"${meant}${known.join(", ")}`);
  }
  const path = definitionPath(name, checkout);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- lakes are found by name
  const { default: definition } = require(path) as { default: LakeDefinition };
  // State, locks, publication and catalog go by the definition's name, the SQL by the folder's.
  if (definition.name !== name) {
    const problem = `is "${definition.name}"; expected "${name}", the name of the folder under lakes/`;
    throw new DefinitionError(name, [{ path: "name", problem }]);
  }
  const sql = join(checkout, "sql", name);
  return assembleLake(definition, {
    silver: sqlFiles(join(sql, "silver")),
    gold: sqlFiles(join(sql, "gold")),
    schema,
  });
}

function definitionPath(name: string, checkout: string): string {
  return join(checkout, "lakes", name, "lake.ts");
}

function compiledSchema(path: string): CompiledSchema {
  if (!existsSync(path)) return UNCOMPILED;
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
