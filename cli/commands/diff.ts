import { type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";
import { wholeNumber } from "../options";

interface DiffFlags extends StackFlags {
  readonly from: string;
  readonly to?: string;
  readonly limit: number;
  readonly json?: boolean;
}

export const diff: LakeCommand = {
  group: "Look at the lake:",
  register: (program) =>
    withStackOptions(program.command("diff"))
      .description("show which rows of a table were added, changed and removed since a version")
      .argument("<table>", "such as silver.core_order, gold.revenue_daily, or core_order")
      .requiredOption("--from <version>", "a version of ./lake history, or a time: 10 minutes ago")
      .option("--to <version>", "the same (default: now)")
      .option("--limit <n>", "rows to show", wholeNumber(0, 10_000), 20)
      .option("--json", "print the difference as JSON")
      .action(async (name: string, flags: DiffFlags) => {
        const { fullName, versionDiff } = await import("../lake-history");
        const { openSteps } = await import("../open-steps");
        const { printJson } = await import("../output");
        const { printDiff } = await import("../version-diff");
        await using open = await openSteps(flags, "read");
        const table = fullName(name, open.lake);
        const found = await versionDiff(open.spark, table, flags);
        if (flags.json) printJson(found);
        else printDiff(table, found);
      }),
};
