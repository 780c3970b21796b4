import type { LakeCommand } from "../command";
import { byArgument, DROPS_OPTION, lakeArgument, lakeOption } from "../options";
import { PREPARE_OPTION, SOURCE_OPTION } from "./replicate";

interface WatchFlags {
  readonly lake: string;
  readonly source?: string;
  readonly prepare?: boolean;
  readonly drops?: string;
}

export const watch: LakeCommand = {
  group: "Pipeline:",
  register: (program) =>
    program
      .command("watch")
      .description("keep the lake up with its source, within seconds, until Ctrl-C")
      .addArgument(lakeArgument())
      .addOption(lakeOption())
      .option("--source <url>", SOURCE_OPTION)
      .option("--prepare", PREPARE_OPTION)
      .option("--drops <folder>", DROPS_OPTION)
      .action(
        byArgument(async (flags: WatchFlags) => {
          const { watchLake } = await import("../../local/pipeline/watch-lake");
          const { openLake } = await import("../../local/pipeline/open");
          const { openSource } = await import("../../local/source/open");
          const { describeMaintenance } = await import("../maintenance-table");
          const { printRefused, printTransfer } = await import("../transfers");
          const { printProgress } = await import("../replication-progress");
          const { interruption } = await import("../interrupt");
          await using opened = await openSource(flags.lake, flags.source);
          await using open = await openLake(flags.lake, "write");
          console.log("catching up with what changed since the lake was last written …");
          let caughtUp = false;
          await watchLake(open, opened.source, {
            signal: interruption(),
            prepare: flags.prepare,
            drops: flags.drops,
            onTransferred: printTransfer,
            onRefused: printRefused,
            onReplication: printProgress(),
            onCaughtUp: () => {
              if (!caughtUp) console.log("up to date; waiting for changes. Ctrl-C ends it");
              caughtUp = true;
            },
            onSilver: ({ table, status, applied, quarantined, seconds, error }) => {
              if (status === "failed") console.error(`silver ${table}: ${error}`);
              if (status !== "applied") return;
              const bad = quarantined > 0 ? `, ${quarantined} to quarantine` : "";
              console.log(`silver ${table}: ${applied} changes${bad} (${seconds.toFixed(1)} s)`);
            },
            onGold: ({ model, status, groups, upserts, deletes, seconds, error }) => {
              if (status === "failed") console.error(`gold ${model}: ${error}`);
              if (upserts + deletes === 0) return;
              const rows = `${upserts} rows written, ${deletes} removed in ${groups} groups`;
              console.log(`gold ${model}: ${rows} (${seconds.toFixed(1)} s)`);
            },
            onQuality: (rules) => {
              for (const { layer, table, rule, outcome, message } of rules)
                if (outcome === "failed" || outcome === "error")
                  console.error(`quality ${layer}.${table}: ${rule}: ${message ?? outcome}`);
            },
            onMaintained: (result) => {
              const line = describeMaintenance(result);
              if (result.status === "failed") console.error(line);
              else if (result.files_removed) console.log(line);
            },
          });
        }),
      ),
};
