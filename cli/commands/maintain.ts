import type { LakeCommand } from "../command";
import { lakeOption } from "../options";

interface MaintainFlags {
  readonly lake: string;
  readonly json?: boolean;
}

export const maintain: LakeCommand = {
  group: "Pipeline:",
  register: (program) =>
    program
      .command("maintain")
      .description("remove history that is older than the lake keeps, and compact small files")
      .argument("[table...]", "such as silver.core_order or ops.runs (default: every table)")
      .addOption(lakeOption())
      .option("--json", "print the result as JSON")
      .action(async (tables: string[], flags: MaintainFlags) => {
        const { openLake } = await import("../../local/pipeline/open");
        const { describeMaintenance, printMaintenance } = await import("../maintenance-table");
        const { printJson } = await import("../output");
        await using open = await openLake(flags.lake, "write");
        const results = await open.pipeline.maintain(
          tables.length > 0 ? tables : undefined,
          (result) => process.stderr.write(`${describeMaintenance(result)}\n`),
        );
        if (flags.json) printJson(results);
        else printMaintenance(results);
        if (results.some(({ status }) => status === "failed")) process.exitCode = 1;
      }),
};
