import { type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";
import type { TableCommit } from "../lake-history";

interface HistoryFlags extends StackFlags {
  readonly json?: boolean;
}

export const history: LakeCommand = {
  group: "Look at the lake:",
  register: (program) =>
    withStackOptions(program.command("history"))
      .description("list the commits of a table, newest first")
      .argument("<table>", "such as silver.core_order, gold.revenue_daily, or core_order")
      .option("--json", "print the commits as JSON")
      .action(async (name: string, flags: HistoryFlags) => {
        const { fullName, tableHistory } = await import("../lake-history");
        const { openSteps } = await import("../open-steps");
        const { printJson, printTable } = await import("../output");
        await using open = await openSteps(flags, "read");
        const commits = await tableHistory(open.spark, fullName(name, open.lake));
        if (flags.json) return printJson(commits);
        printTable(
          ["committed (UTC)", "version", "operation", "rows"],
          commits.map((commit) => [
            commit.at.replace("T", " ").replace(/(\.\d{3})\d*|\+00:00$/g, "$1"),
            commit.version,
            commit.full ? `${commit.operation} (whole table)` : commit.operation,
            rowsOf(commit),
          ]),
        );
      }),
};

/** `120 applied, 3 quarantined`: the counts that are not zero. */
function rowsOf({ accounting }: TableCommit): string | null {
  const counts = Object.entries(accounting ?? {}).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number" && entry[1] > 0,
  );
  return counts.length === 0
    ? null
    : counts.map(([what, count]) => `${count.toLocaleString("en-US")} ${what}`).join(", ");
}
