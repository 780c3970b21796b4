import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

/** The configuration of `Pulumi.<stack>.yaml` as Pulumi hands it to the program: all values text. */
export function stackFile(stack: string): Record<string, string> {
  const file = join(__dirname, "../..", `Pulumi.${stack}.yaml`);
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
