import type { Tally } from "../../local/source/workload";
import { UserError } from "../../model/errors";
import type { LakeCommand } from "../command";
import { byArgument, lakeArgument, lakeOption, wholeNumber } from "../options";
import { SOURCE_OPTION } from "./replicate";

interface WorkloadFlags {
  readonly lake: string;
  readonly rate: number;
  readonly for: number;
  readonly seed: number;
  readonly source?: string;
  readonly yes?: boolean;
}

export const workload: LakeCommand = {
  group: "Source database:",
  register: (program) =>
    program
      .command("workload")
      .description("play a live application on the source: orders, payments, moves and mishaps")
      .option("--rate <n>", "row changes per second, on average", wholeNumber(1, 100_000), 10)
      .option("--for <s>", "seconds; Ctrl-C ends it earlier", wholeNumber(1, 1e9), 60)
      .option("--seed <n>", "another number makes other choices", wholeNumber(0, 1e15 - 1), 1)
      .addArgument(lakeArgument())
      .addOption(lakeOption())
      .option("--source <url>", SOURCE_OPTION)
      .option("--yes", "really change the rows in the database given by --source")
      .action(byArgument(play)),
};

async function play(flags: WorkloadFlags): Promise<void> {
  const { loadSampleSource } = await import("../../lakes/sample-source");
  const { openSource } = await import("../../local/source/open");
  const { runWorkload } = await import("../../local/source/workload");
  const { printRunningTally } = await import("../workload-progress");
  const { interruption } = await import("../interrupt");
  const sample = loadSampleSource(flags.lake);
  await using opened = await openSource(flags.lake, flags.source);
  if (!opened.source.embedded && !flags.yes) {
    throw new UserError(
      `this would change and delete rows in ${opened.source.label}; add --yes if that is wanted`,
    );
  }
  const tally = await runWorkload({
    connection: opened.source,
    sample,
    rate: flags.rate,
    seconds: flags.for,
    seed: flags.seed,
    signal: interruption(),
    onProgress: printRunningTally(flags.for),
  });
  if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
  await printTally(tally);
}

async function printTally({ kinds, transactions, rows, conflicts, seconds }: Tally) {
  const { formatSeconds, printTable } = await import("../output");
  const right = (title: string) => ({ title, align: "right" as const });
  printTable(
    ["kind", right("transactions"), right("changed rows")],
    Object.entries(kinds)
      .sort(([, one], [, other]) => other.rows - one.rows)
      .map(([kind, counts]) => [kind, counts.transactions, counts.rows]),
  );
  const rate = (rows / Math.max(seconds, 0.001)).toFixed(1);
  console.log(
    `${rows.toLocaleString("en-US")} rows changed in ${transactions.toLocaleString("en-US")} transactions, ${rate} a second for ${formatSeconds(seconds)}`,
  );
  if (conflicts > 0) console.log(`${conflicts} transactions gave way to other sessions`);
}
