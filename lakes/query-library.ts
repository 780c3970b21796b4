import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../model/errors";

/** A query of a lake's library: `sql/<lake>/queries/<name>.sql`. */
export interface NamedQuery {
  readonly name: string;
  /** What it answers: its first comment line. */
  readonly description: string;
  readonly sql: string;
}

const ROOT = join(__dirname, "..", "sql");

/**
 * The lake's named queries by name.
 * @param root folder of the lakes' SQL. @default sql/ of this checkout
 * @throws UserError for a file without a first comment line
 */
export function namedQueries(lake: string, root: string = ROOT): NamedQuery[] {
  const folder = join(root, lake, "queries");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => readQuery(join(folder, file), file.slice(0, -".sql".length)));
}

/** Whether the text can be meant as a query's name only. */
export function looksLikeName(text: string): boolean {
  return /^[\w-]+$/.test(text.trim());
}

/** @throws UserError naming the queries that come closest */
export function namedQuery(lake: string, name: string, root: string = ROOT): NamedQuery {
  const queries = namedQueries(lake, root);
  const found = queries.find((query) => query.name === name);
  if (found) return found;
  const words = name.split(/[_-]/).filter((word) => word.length > 2);
  const close = queries.filter((query) => words.some((word) => query.name.includes(word)));
  const hint = close.length > 0 ? `; there is ${close.map((query) => query.name).join(", ")}` : "";
  throw new UserError(`there is no query "${name}" in sql/${lake}/queries${hint}; see --list`);
}

function readQuery(path: string, name: string): NamedQuery {
  const sql = readFileSync(path, "utf8");
  const description = /^--\s*(\S.*)/.exec(sql)?.[1]?.trim();
  if (!description)
    throw new UserError(`${path} must begin with a comment that says what it answers`);
  return { name, description, sql: sql.trim().replace(/;$/, "") };
}
