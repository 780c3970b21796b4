import type { LakeCommand } from "../command";
import { byArgument, lakeArgument, lakeOption } from "../options";
import { SOURCE_OPTION } from "./replicate";

interface StatusFlags {
  readonly lake: string;
  readonly source?: string;
  readonly json?: boolean;
}

export const status: LakeCommand = {
  group: "Look at the lake:",
  register: (program) =>
    program
      .command("status")
      .description(
        "services, and per table: rows in source, silver and quarantine, newest change, lag, error",
      )
      .addArgument(lakeArgument())
      .addOption(lakeOption())
      .option("--source <url>", SOURCE_OPTION)
      .option("--json", "print the status as JSON")
      .action(
        byArgument(async (flags: StatusFlags) => {
          const { lakeStatus } = await import("../lake-status");
          const { formatSeconds, printJson, printTable } = await import("../output");
          const { describeEvent } = await import("../replication-progress");
          const found = await lakeStatus(flags.lake, flags.source);
          if (flags.json) return printJson(found);
          const { services, replication, tables, failedModels } = found;
          for (const { service, address } of services)
            console.log(`${service}: ${address ?? "stopped"}`);
          console.log(replication);
          const hasFiles = tables.some(({ fileRows }) => fileRows !== null);
          const right = (title: string) => ({ title, align: "right" as const });
          printTable(
            [
              "table",
              right("epoch"),
              right("source"),
              right("silver"),
              ...(hasFiles ? [right("of files")] : []),
              right("quarantined"),
              "newest change applied",
              right("lag"),
              "error",
            ],
            tables.map((each) => [
              each.table,
              each.epoch,
              each.sourceRows,
              each.silverRows,
              ...(hasFiles ? [each.fileRows] : []),
              each.quarantinedRows,
              each.newestApplied,
              each.lagSeconds === null ? null : formatSeconds(each.lagSeconds),
              each.error,
            ]),
          );
          for (const { table, stopped } of tables) {
            if (stopped) console.log(describeEvent({ event: "stopped", table, reason: stopped }));
          }
          for (const { model, error } of failedModels) console.error(`gold ${model}: ${error}`);
        }),
      ),
};
