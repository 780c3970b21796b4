import { Option } from "commander";

import { type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";

interface ResumeFlags extends StackFlags {
  readonly from: "rollback" | "now";
}

const NOTE = `
  --from rollback  applies again what was taken back, and what came since: after the lake's definition
                   or the files in bronze are mended
  --from now       leaves out what was taken back: what the source had committed until the rollback
                   stays out, also when a changed definition has the table built anew; later changes
                   apply
`;

export const resume: LakeCommand = {
  group: "Repair:",
  register: (program) =>
    withStackOptions(program.command("resume"))
      .description("let a table go on that is held since a rollback")
      .argument("<table>", "such as core_order")
      .addOption(
        new Option("--from <point>", "where it goes on")
          .choices(["rollback", "now"])
          .makeOptionMandatory(),
      )
      .addHelpText("after", NOTE)
      .action(async (name: string, flags: ResumeFlags) => {
        const { loadLake } = await import("../../lakes/load");
        const { openSteps } = await import("../open-steps");
        const { silverTable } = await import("../silver-table");
        const table = silverTable(loadLake(flags.lake), name);
        await using open = await openSteps(flags, "write");
        const how = flags.from === "rollback" ? "replay" : "skip";
        const done = await open.spark.step<{ from: string; to: string }>("resume", { table, how });
        console.log(
          how === "replay"
            ? `silver.${table} goes on from ${done.to}: the next run applies all that came after it`
            : `silver.${table} goes on from what was consumed up to ${done.from}: the next run applies what came after the rollback`,
        );
      }),
};
