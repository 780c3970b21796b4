import type { Standing } from "../../local/pipeline/results";
import { type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";
import { byArgument, lakeArgument } from "../options";

interface QualityFlags extends StackFlags {
  readonly table?: string;
  readonly evaluate?: boolean;
  readonly history?: boolean;
  readonly json?: boolean;
}

export const quality: LakeCommand = {
  group: "Look at the lake:",
  register: (program) =>
    withStackOptions(program.command("quality"))
      .addArgument(lakeArgument())
      .description("show which quality rules hold; exit code 1 where one does not")
      .option("--table <name>", "of this table or model alone")
      .option("--evaluate", "judge the tables anew first")
      .option("--history", "the last 100 verdicts instead of the newest on each rule")
      .option("--json", "print the verdicts as JSON")
      .action(
        byArgument(async (flags: QualityFlags) => {
          const { openSteps } = await import("../open-steps");
          const { verdictsOf } = await import("../quality-verdicts");
          const { printJson } = await import("../output");
          const { printVerdicts } = await import("../quality-table");
          await using open = await openSteps(flags, flags.evaluate ? "write" : "read");
          const verdicts: readonly Standing[] = await verdictsOf(open, flags);
          if (flags.json) printJson(verdicts);
          else printVerdicts(verdicts);
          if (verdicts.some(({ outcome }) => outcome === "failed" || outcome === "error")) {
            process.exitCode = 1;
          }
        }),
      ),
};
