import type { LakeCommand } from "../command";
import { byArgument, lakeArgument, lakeOption } from "../options";

interface ReportFlags {
  readonly lake: string;
  readonly out?: string;
}

export const report: LakeCommand = {
  group: "Look at the lake:",
  register: (program) =>
    program
      .command("report")
      .description("write a page on the lake: business, quality, freshness, lineage")
      .addArgument(lakeArgument())
      .addOption(lakeOption())
      .option("--out <file>", "where to (default: .lakewright/reports/<lake>.html)")
      .action(
        byArgument(async ({ lake, out }: ReportFlags) => {
          const { loadLake } = await import("../../lakes/load");
          const { writeReport } = await import("../write-report");
          const { interruption } = await import("../interrupt");
          const { path, failures } = await writeReport(loadLake(lake), {
            out,
            signal: interruption(),
          });
          console.log(path);
          for (const { title, error } of failures) console.error(`${title}: ${error}`);
          if (failures.length === 0) return;
          console.error("lake: the page says so where these parts would be");
          process.exitCode = 1;
        }),
      ),
};
