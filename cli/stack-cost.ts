import { qualityJarNames } from "../local/toolchain";
import type { CostSettings } from "../model/aws/cost-settings";
import { UserError } from "../model/errors";
import type { Lake } from "../model/lake";
import { costSettings } from "../stacks/cost-settings";
import type { EnvironmentSettings } from "../stacks/environment-settings";
import { evaluateStack } from "../stacks/evaluate";
import { freshnessMinutes, goldMinutes } from "../stacks/freshness";
import { lakeSettings } from "../stacks/lake-settings";
import { withStandInJars } from "./stand-in-jars";

export interface StackCost {
  readonly settings: CostSettings;
  /** How many tenants the stack has. */
  readonly tenants: number;
  /** Whether the lake is one of the stack's; else its settings are the defaults. */
  readonly hasLake: boolean;
}

/** Settings of a lake that the stack does not have: a database of one's own, all else by default. */
const DEFAULTS = lakeSettings.parse({
  source: {
    database: {
      secretArn: "arn:aws:secretsmanager:us-west-2:123456789012:secret:source",
      cidrBlocks: ["192.0.2.1/32"],
    },
  },
});

/**
 * What decides the cost of a stack with this lake alone, from `Pulumi.<stack>.yaml`.
 * @throws UserError for a stack that has no lakes
 */
export async function stackCost(stack: string, lake: Lake): Promise<StackCost> {
  const { name } = lake.definition;
  let hasLake = false;
  const onlyLake = (environment: EnvironmentSettings): EnvironmentSettings => {
    const own = environment.lakes[name];
    hasLake = own !== undefined;
    return { ...environment, lakes: { [name]: own ?? DEFAULTS } };
  };
  const { registered, settings } = await withStandInJars(qualityJarNames(), (jars) =>
    evaluateStack(stack, jars, onlyLake),
  );
  if (settings.kind === "account") {
    throw new UserError(
      `stack ${stack} has no lake: what an account has once costs next to nothing`,
    );
  }
  const own = settings.environment.lakes[name]!;
  return {
    settings: costSettings(registered, own, {
      silver: freshnessMinutes(own, lake),
      gold: goldMinutes(own, lake),
    }),
    tenants: Object.keys(own.tenants).length,
    hasLake,
  };
}
