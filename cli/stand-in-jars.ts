import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Calls back with paths of small files by these names: whoever only asks what would be uploaded
 * need not fetch the jars.
 */
export async function withStandInJars<Result>(
  names: readonly string[],
  use: (jars: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "lakewright-jars-"));
  try {
    const jars = names.map((name) => join(folder, name));
    for (const jar of jars) writeFileSync(jar, "");
    return await use(jars);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
