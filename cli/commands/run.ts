import type { LakeCommand } from "../command";
import { byArgument, DROPS_OPTION, lakeArgument, lakeOption } from "../options";
import { PREPARE_OPTION, SOURCE_OPTION } from "./replicate";

interface RunFlags {
  readonly lake: string;
  readonly source?: string;
  readonly prepare?: boolean;
  readonly replicate: boolean;
  readonly drops?: string;
  readonly relist?: boolean;
}

export const run: LakeCommand = {
  group: "Pipeline:",
  register: (program) =>
    program
      .command("run")
      .description("one pass: replicate what is there, then silver, quality and gold")
      .addArgument(lakeArgument())
      .addOption(lakeOption())
      .option("--source <url>", SOURCE_OPTION)
      .option("--prepare", PREPARE_OPTION)
      .option("--no-replicate", "take bronze as it is")
      .option("--drops <folder>", DROPS_OPTION)
      .option("--relist", "look for new files in all of bronze, not in its last days only")
      .action(
        byArgument(async (flags: RunFlags) => {
          const { runOnce } = await import("../../local/pipeline/run-once");
          const { openLake } = await import("../../local/pipeline/open");
          const { openSource } = await import("../../local/source/open");
          const { printNotTransferred, printTransfer } = await import("../transfers");
          const { printProgress } = await import("../replication-progress");
          const { printGold, printQuality, printSeconds, printSilver } =
            await import("../pipeline-tables");
          const { interruption } = await import("../interrupt");
          await using open = await openLake(flags.lake, "write");
          await using opened = flags.replicate
            ? await openSource(flags.lake, flags.source)
            : undefined;
          const signal = interruption();
          open.spark.stopOn(signal);
          const result = await runOnce(open, opened?.source, {
            signal,
            prepare: flags.prepare,
            relist: flags.relist,
            drops: flags.drops,
            onTransferred: printTransfer,
            onReplication: printProgress(),
          });
          printNotTransferred(result.files);
          printSilver(result.silver);
          printQuality(result.quality);
          printGold(result.gold);
          if (result.goldStopped) console.error(`gold: ${result.goldStopped}`);
          printSeconds(result.seconds);
          if (result.failed) process.exitCode = 1;
        }),
      ),
};
