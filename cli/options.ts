import { Argument, type Command, InvalidArgumentError, Option } from "commander";

import { UserError } from "../model/errors";

/** The lake that a command is about. */
export function lakeOption(otherwise = "saas"): Option {
  return new Option("--lake <name>", "the lake").env("LAKEWRIGHT_LAKE").default(otherwise);
}

/** The lake as the one argument of a command, which `byArgument` reads. */
export function lakeArgument(): Argument {
  return new Argument("[lake]", "the same as --lake");
}

/**
 * An action that takes its lake by argument, else by option.
 * @throws UserError where both name one and they differ
 */
export function byArgument<Flags>(
  action: (flags: Flags) => Promise<void>,
): (lake: string | undefined, flags: Flags, command: Command) => Promise<void> {
  return async (lake, flags, command) => {
    if (lake === undefined) return action(flags);
    const option = command.getOptionValue("lake") as string;
    if (command.getOptionValueSource("lake") === "cli" && option !== lake) {
      throw new UserError(`which lake is meant, ${lake} or ${option}? Name one`);
    }
    return action({ ...flags, lake });
  };
}

/** The option of every command that takes dropped files. */
export const DROPS_OPTION =
  "where files for the lake are dropped (default: its own folder, as ./lake drop fills it)";

/** Reads an option's value as a whole number within bounds; for `command.option(…, parser)`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      `Expected a whole number from ${least} to ${most.toLocaleString("en-US")}.`,
    );
  };
}

/** Reads an option's value as a day: midnight UTC of `2026-11-21`. */
export function day(text: string): Date {
  const date = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : NaN);
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return date;
  throw new InvalidArgumentError("Expected a day such as 2026-11-21.");
}
