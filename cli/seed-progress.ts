import pc from "picocolors";

import type { SeedProgress } from "../local/source/seed";
import { formatSeconds } from "./output";

/** Tables with fewer rows are not worth a line. */
const WORTH_A_LINE = 50;

/**
 * Prints a line for each table that is loaded and, on a terminal, how far the present one is.
 * @param output where to print
 */
export function printSeedProgress(
  output: NodeJS.WriteStream = process.stdout,
): (progress: SeedProgress) => void {
  let started = Date.now();
  const show = (text: string) => {
    if (output.isTTY) output.write(`\r\x1b[K${pc.dim("…")} ${text}`);
  };
  const finish = (text: string) => {
    const took = pc.dim(`(${formatSeconds((Date.now() - started) / 1000)})`);
    output.write(`${output.isTTY ? "\r\x1b[K" : ""}${pc.green("✔")} ${text} ${took}\n`);
  };
  return (progress) => {
    const total = progress.total.toLocaleString("en-US");
    if (progress.phase === "constraints") {
      if (progress.done === 0) started = Date.now();
      if (progress.done < progress.total) show(`keys and indexes: ${progress.done} of ${total}`);
      else finish(`keys and indexes: ${total}`);
    } else {
      const { table, rows } = progress;
      if (rows === 0) started = Date.now();
      if (rows < progress.total) show(`${table}: ${rows.toLocaleString("en-US")} of ${total} rows`);
      else if (progress.total >= WORTH_A_LINE) finish(`${table}: ${total} rows`);
    }
  };
}
