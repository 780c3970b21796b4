import type { LakeCommand } from "../command";
import { byArgument, lakeArgument, lakeOption } from "../options";

interface ReplicateFlags {
  readonly lake: string;
  readonly source?: string;
  readonly once?: boolean;
  readonly prepare?: boolean;
}

export const PREPARE_OPTION = "run what `lake source sql` prints, if the source is not prepared";

/** The source of a lake on AWS has no default. */
export const DEPLOYED_SOURCE_OPTION =
  "connection string of the source database, without its password, which PGPASSWORD gives; " +
  "LAKEWRIGHT_SOURCE may name the source instead";

export const SOURCE_OPTION = `${DEPLOYED_SOURCE_OPTION} (default: the embedded PostgreSQL)`;

export const replicate: LakeCommand = {
  group: "Pipeline:",
  register: (program) =>
    program
      .command("replicate")
      .description("copy the source into bronze: a full load, then every change, until Ctrl-C")
      .addArgument(lakeArgument())
      .addOption(lakeOption())
      .option("--source <url>", SOURCE_OPTION)
      .option("--once", "stop when all that is committed now is in bronze")
      .option("--prepare", PREPARE_OPTION)
      .action(
        byArgument(async (flags: ReplicateFlags) => {
          const { openSource } = await import("../../local/source/open");
          const { replicate } = await import("../../local/replication/replicator");
          const { loadLake } = await import("../../lakes/load");
          const { lakePaths } = await import("../../local/paths");
          const { printProgress } = await import("../replication-progress");
          const { interruption } = await import("../interrupt");
          const { definition, manifest } = loadLake(flags.lake);
          await using opened = await openSource(flags.lake, flags.source);
          const { changes, files, loadedRows, stopped } = await replicate({
            manifest,
            paths: lakePaths(definition),
            source: opened.source,
            mode: flags.once ? "once" : "continuous",
            prepare: flags.prepare,
            signal: interruption(),
            onProgress: printProgress(),
          });
          const numbers = [loadedRows, changes, files].map((value) =>
            value.toLocaleString("en-US"),
          );
          console.log(`${numbers[0]} rows loaded, ${numbers[1]} changes in ${numbers[2]} files`);
          if (stopped.length > 0) process.exitCode = 1;
        }),
      ),
};
