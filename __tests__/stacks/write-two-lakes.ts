import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { documentedAutocorp } from "./documented-lake";

/** Writes a stack's file to standard output: dev, and beside its lake the second of docs/deploy.md. */
function main(): void {
  const dev = join(__dirname, "../../Pulumi.dev.yaml");
  const { config } = parse(readFileSync(dev, "utf8")) as { config: Record<string, object> };
  const lakes = { ...config["lakewright:lakes"], autocorp: documentedAutocorp() };
  process.stdout.write(stringify({ config: { ...config, "lakewright:lakes": lakes } }));
}

main();
