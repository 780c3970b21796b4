import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { UserError } from "../model/errors";

const CHECKOUT = join(__dirname, "..");

/**
 * The configuration of `Pulumi.<stack>.yaml` as Pulumi hands it to the program: all values text.
 * @throws UserError for a stack that has no file
 */
export function stackConfiguration(stack: string, folder = CHECKOUT): Record<string, string> {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    throw new UserError(
      `there is no Pulumi.${stack}.yaml; expected one of the stacks ${stacks(folder).join(", ")}`,
    );
  }
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function stacks(folder: string): string[] {
  return readdirSync(folder)
    .map((file) => /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}
