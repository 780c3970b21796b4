import { qualityJarNames } from "../local/toolchain";
import type { CostSettings } from "../model/aws/cost-settings";
import { UserError } from "../model/errors";
import type { Lake } from "../model/lake";
import { costSettings } from "../stacks/cost-settings";
import type { EnvironmentSettings } from "../stacks/environment-settings";
import { evaluateStack } from "../stacks/evaluate";
import { freshnessMinutes, goldMinutes } from "../stacks/freshness";
import { withStandInJars } from "./stand-in-jars";

export interface StackCost {
  readonly settings: CostSettings;
  /** How many tenants the stack has. */
  readonly tenants: number;
}

/**
 * What decides the cost of a stack with this lake alone, from `Pulumi.<stack>.yaml`.
 * @throws UserError when the stack does not have the lake
 */
export async function stackCost(stack: string, lake: Lake): Promise<StackCost> {
  const { name } = lake.definition;
  const { registered, settings } = await withStandInJars(qualityJarNames(), (jars) =>
    evaluateStack(stack, jars, (each) => withLake(each, stack, name)),
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
  };
}

function withLake(settings: EnvironmentSettings, stack: string, name: string): EnvironmentSettings {
  const lake = settings.lakes[name];
  if (lake) return { ...settings, lakes: { [name]: lake } };
  throw new UserError(
    `stack ${stack} has no lake ${name}; expected one of ${Object.keys(settings.lakes).join(", ")}`,
  );
}
