import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../model/errors";

/** Where `./lake jars` puts the jars that the job takes along. */
export const JARS = join(__dirname, "..", "glue-scripts", "jars");

/**
 * Paths of the jars of deequ and DQDL, which Glue's workers load.
 * @throws UserError when they have not been fetched
 */
export function qualityJars(folder = JARS): string[] {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const jars = files.filter((file) => file.endsWith(".jar")).sort();
  if (jars.length === 0) {
    throw new UserError(
      "glue-scripts/jars is empty: the job needs the jars of deequ and DQDL; run ./lake jars",
    );
  }
  return jars.map((file) => join(folder, file));
}
