import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { UserError } from "../model/errors";

const settings = z.strictObject({
  environment: z.enum(["dev", "qa", "prod"]),
  lakes: z.array(z.string()).min(1),
  destroyable: z.boolean().default(false),
});

/** One environment's settings, from the stack's configuration under `lakewright:`. */
export type EnvironmentSettings = z.infer<typeof settings>;

/**
 * Reads and checks the stack's configuration.
 * @throws UserError naming every key that is wrong.
 */
export function readSettings(config = new pulumi.Config("lakewright")): EnvironmentSettings {
  const read = settings.safeParse({
    environment: config.get("environment"),
    lakes: config.getObject("lakes"),
    destroyable: config.getBoolean("destroyable"),
  });
  const problems = read.success
    ? []
    : read.error.issues.map(({ path, message }) => `lakewright:${path.join(".")}: ${message}`);
  if (read.success && read.data.environment === "prod" && read.data.destroyable) {
    problems.push("lakewright:destroyable: prod is never destroyable; remove it");
  }
  if (problems.length > 0 || !read.success) {
    throw new UserError(`the stack's configuration is wrong:\n  ${problems.join("\n  ")}`);
  }
  return read.data;
}
