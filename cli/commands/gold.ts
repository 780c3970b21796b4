import type { LakeCommand } from "../command";
import { lakeOption } from "../options";

interface GoldFlags {
  readonly lake: string;
  readonly rebuild?: boolean;
  readonly today?: string;
}

export const gold: LakeCommand = {
  group: "Pipeline:",
  register: (program) =>
    program
      .command("gold")
      .description("refresh the gold models, or compute them anew")
      .argument("[model...]", "models (default: all of them)")
      .option("--rebuild", "compute every row anew instead of the groups that changed")
      .option("--today <date>", "the day that models take for today, such as 2026-01-31")
      .addOption(lakeOption())
      .action(async (models: string[], { lake, rebuild, today }: GoldFlags) => {
        const { openLake } = await import("../../local/pipeline/open");
        const { printGold } = await import("../pipeline-tables");
        await using open = await openLake(lake, "write");
        await open.pipeline.initialise();
        const results = await open.pipeline.gold({
          ...(models.length > 0 ? { models } : {}),
          ...(rebuild ? { rebuild } : {}),
          ...(today ? { today } : {}),
        });
        printGold(results);
        if (results.some(({ status }) => status === "failed")) process.exitCode = 1;
      }),
};
