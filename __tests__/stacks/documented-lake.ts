import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

/** The settings of the second lake, AutoCorp, as docs/deploy.md has them. */
export function documentedAutocorp(): unknown {
  const guide = readFileSync(join(__dirname, "../../docs/deploy.md"), "utf8");
  const [, block] = /^```yaml\n( +autocorp:\n[^`]+)```$/m.exec(guide)!;
  return (parse(block!) as { autocorp: unknown }).autocorp;
}
