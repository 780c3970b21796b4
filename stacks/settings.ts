import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { UserError } from "../model/errors";
import { type AccountSettings, accountSettings } from "./account-settings";
import { type EnvironmentSettings, environmentSettings } from "./environment-settings";

/** A stack's configuration, typed: of the account, or of one environment. */
export type Settings =
  | { readonly kind: "account"; readonly account: AccountSettings }
  | { readonly kind: "environment"; readonly environment: EnvironmentSettings };

/** The namespace of the keys in `Pulumi.<stack>.yaml`. */
const NAMESPACE = "lakewright";

/**
 * Reads and checks the stack's configuration.
 * @throws UserError naming every key that is wrong.
 */
export function readSettings(config = new pulumi.Config(NAMESPACE)): Settings {
  return config.get("account") === undefined
    ? { kind: "environment", environment: parse(environmentSettings, config) }
    : { kind: "account", ...parse(z.strictObject({ account: accountSettings }), config) };
}

/** The keys that the schema names, read from the configuration; structured ones are JSON there. */
function parse<Schema extends z.ZodObject>(
  schema: Schema,
  config: pulumi.Config,
): z.output<Schema> {
  const read = schema.safeParse(
    Object.fromEntries(
      Object.keys(schema.shape)
        .map((key) => [key, structured(config.get(key))])
        .filter(([, value]) => value !== undefined),
    ),
  );
  if (read.success) return read.data;
  const problems = read.error.issues.map(
    ({ path, message }) => `${NAMESPACE}:${path.join(".")}: ${message}`,
  );
  throw new UserError(`the stack's configuration is wrong:\n  ${problems.join("\n  ")}`);
}

/** A value as YAML had it: Pulumi gives everything as text, what is not text as JSON. */
function structured(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
