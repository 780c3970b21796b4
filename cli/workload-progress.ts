import type { Tally } from "../local/source/workload";
import { formatSeconds } from "./output";

/** Seconds between lines where they cannot be rewritten. */
const LINE_EVERY = 10;

/**
 * Prints how far a workload is: one line that changes on a terminal, a line now and then elsewhere.
 * @param total seconds that it will take
 */
export function printRunningTally(
  total: number,
  output: NodeJS.WriteStream = process.stdout,
): (tally: Tally) => void {
  let printed = 0;
  return ({ rows, transactions, seconds }) => {
    const line = `${formatSeconds(seconds)} of ${formatSeconds(total)}: ${rows.toLocaleString("en-US")} rows changed in ${transactions.toLocaleString("en-US")} transactions`;
    if (output.isTTY) {
      output.write(`\r\x1b[K${line}`);
    } else if (seconds - printed >= LINE_EVERY) {
      printed = seconds;
      output.write(`${line}\n`);
    }
  };
}
