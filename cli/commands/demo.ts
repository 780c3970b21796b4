import { Option } from "commander";

import type { SampleScale } from "../../lakes/sample-source";
import type { LakeCommand } from "../command";
import { byArgument, lakeArgument, lakeOption } from "../options";

interface DemoFlags {
  readonly lake: string;
  readonly scale: SampleScale;
  readonly keep?: boolean;
}

export const demo: LakeCommand = {
  group: "Start here:",
  register: (program) =>
    program
      .command("demo")
      .description("the whole story: seed, full load, silver, gold, five scenarios and a report")
      .addArgument(lakeArgument())
      .addOption(lakeOption())
      .addOption(
        new Option("--scale <scale>", "rows of the sample, where the source is still empty")
          .choices(["small", "medium", "large"])
          .default("medium"),
      )
      .option("--keep", "keep PostgreSQL and Trino running afterwards, as `lake up` does")
      .action(
        byArgument(async (flags: DemoFlags) => {
          const { playDemo } = await import("../demo/play");
          const { interruption } = await import("../interrupt");
          await playDemo({ ...flags, signal: interruption() });
        }),
      ),
};
