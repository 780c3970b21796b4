import type { Command } from "commander";

/** Headings of `./lake --help`, in their order. */
export const GROUPS = [
  "Start here:",
  "Source database:",
  "Pipeline:",
  "Look at the lake:",
  "Repair:",
  "Services and state:",
  "AWS:",
  "Development:",
] as const;

/** What a file in cli/commands exports. */
export interface LakeCommand {
  readonly group: (typeof GROUPS)[number];
  /** Adds the command to the program. Heavy modules are imported inside its action. */
  register(program: Command): Command;
}
