import { InvalidArgumentError } from "commander";

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
