import type { Command } from "commander";

import { lakeOption } from "../options";

/** Options of every command on a deployed lake. */
export interface StackFlags {
  readonly stack?: string;
  readonly outputs?: string;
  readonly lake: string;
}

/** Whether a deployed lake is meant, and not the one on this machine. */
export function isDeployed({ stack, outputs }: Partial<StackFlags>): boolean {
  return stack !== undefined || outputs !== undefined;
}

/** Adds the options that say which deployed lake is meant. */
export function withStackOptions(command: Command): Command {
  return command
    .option("--stack <name>", "the environment's Pulumi stack")
    .option("--outputs <file>", "a file with the stack's outputs as JSON, instead of --stack")
    .addOption(lakeOption());
}
