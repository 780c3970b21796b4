import { type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";

interface RollbackFlags extends StackFlags {
  readonly to: string;
  readonly yes?: boolean;
}

const NOTE = `
The table is held afterwards: runs leave it as it is until ./lake resume, so that they do not apply
the same again. What was there stays in its history: a rollback to the version before undoes this one. With --stack the lake's job does it: a run
to compare and one to roll back, each billed for a minute at least.
`;

export const rollback: LakeCommand = {
  group: "Repair:",
  register: (program) =>
    withStackOptions(program.command("rollback"))
      .description("take a silver table back to an earlier version, and hold it")
      .argument("<table>", "such as core_order")
      .requiredOption("--to <version>", "a version of ./lake history, or a time: 10 minutes ago")
      .option("-y, --yes", "do not ask")
      .addHelpText("after", NOTE)
      .action(async (name: string, flags: RollbackFlags) => {
        const { loadLake } = await import("../../lakes/load");
        const { confirm } = await import("../confirm");
        const { versionDiff } = await import("../lake-history");
        const { openSteps } = await import("../open-steps");
        const { silverTable } = await import("../silver-table");
        const { countsOf, printDiff } = await import("../version-diff");
        const table = silverTable(loadLake(flags.lake), name);
        await using open = await openSteps(flags, "write");
        const back = { to: flags.to, limit: 5 };
        const preview = await versionDiff(open.spark, `silver.${table}`, back);
        printDiff(`silver.${table}`, preview);
        const question = `Take silver.${table} back to ${preview.to} (${countsOf(preview)})?`;
        if (!flags.yes && !(await confirm(question))) return;
        const { to } = preview;
        const { version } = await open.spark.step<{ version: string }>("rollback", { table, to });
        await open.publish();
        console.log(
          `silver.${table} is at version ${version}, with the rows of ${to}, and held: ./lake resume ${table} has it go on`,
        );
      }),
};
