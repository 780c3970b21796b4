import pc from "picocolors";

import type { OnProgress, ReplicationEvent } from "../local/replication/progress";
import { formatSeconds } from "./output";

/** How often a line says how many changes there were, in ms. */
const CHANGES_EVERY_MS = 5_000;

/** Prints a replication's progress as lines: each table loaded, what is waited for, changes now and then. */
export function printProgress(write: (line: string) => void = printLine): OnProgress {
  let shown = 0;
  let shownAt = 0;
  return (event) => {
    if (event.event === "written") {
      if (event.changes === shown || Date.now() - shownAt < CHANGES_EVERY_MS) return;
      [shown, shownAt] = [event.changes, Date.now()];
    }
    const line = describeEvent(event);
    if (line) write(line);
  };
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line for people; `undefined` for what is not worth one. */
export function describeEvent(event: ReplicationEvent): string | undefined {
  const number = (value: number) => value.toLocaleString("en-US");
  const count = (value: number, noun: string) =>
    `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
  switch (event.event) {
    case "waiting":
      return pc.dim(`waiting ${event.reason}`);
    case "notice":
      return `${pc.yellow("note:")} ${event.text}`;
    case "load":
      return event.done ? `loaded ${event.table}: ${count(event.rows, "row")}` : undefined;
    case "loaded": {
      const tables = count(event.tables.length, "table");
      const rows = `${count(event.rows, "row")} in ${formatSeconds(event.seconds)}`;
      return pc.green(`full load of ${tables} complete: ${rows}, epoch ${event.epoch}`);
    }
    case "streaming":
      return "receiving changes";
    case "stopped":
      return pc.red(
        `${event.table} is stopped, the other tables go on: ${event.reason}. ` +
          `Then \`./lake reload ${event.table}\` loads it anew`,
      );
    case "complete":
    case "file":
      return undefined;
    case "written":
      return `${count(event.changes, "change")} in ${count(event.files, "file")}`;
    case "reconnecting":
      return pc.yellow(`connection lost (${event.reason}); trying again in ${event.inMs} ms`);
  }
}
