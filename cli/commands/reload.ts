import type { LakeCommand } from "../command";
import { lakeOption } from "../options";
import { PREPARE_OPTION, SOURCE_OPTION } from "./replicate";

interface ReloadFlags {
  readonly lake: string;
  readonly source?: string;
  readonly prepare?: boolean;
}

export const reload: LakeCommand = {
  group: "Pipeline:",
  register: (program) =>
    program
      .command("reload")
      .description("load tables anew, into a new epoch, while changes go on")
      .argument("[table...]", "the lake's names of the tables (default: all of them)")
      .addOption(lakeOption())
      .option("--source <url>", SOURCE_OPTION)
      .option("--prepare", PREPARE_OPTION)
      .action(async (tables: string[], flags: ReloadFlags) => {
        const { openSource } = await import("../../local/source/open");
        const { reload } = await import("../../local/replication/reload");
        const { loadLake } = await import("../../lakes/load");
        const { lakePaths } = await import("../../local/paths");
        const { printProgress } = await import("../replication-progress");
        const { interruption } = await import("../interrupt");
        const { definition, manifest } = loadLake(flags.lake);
        const signal = interruption();
        await using opened = await openSource(flags.lake, flags.source);
        await reload({
          manifest,
          tables,
          paths: lakePaths(definition),
          source: opened.source,
          prepare: flags.prepare,
          signal,
          onProgress: printProgress(),
          onHandedOver: (pid) => console.log(`process ${pid} replicates the lake and reloads it`),
        });
        signal.throwIfAborted();
        console.log("reloaded");
      }),
};
