import { Option } from "commander";

import type { SampleScale } from "../../lakes/sample-source";
import type { LakeCommand } from "../command";

interface DemoFlags {
  readonly scale: SampleScale;
  readonly keep?: boolean;
}

export const demo: LakeCommand = {
  group: "Start here:",
  register: (program) =>
    program
      .command("demo")
      .description("the whole story: seed, full load, silver, gold, five scenarios and a report")
      .argument("[lake]", "the lake", "saas")
      .addOption(
        new Option("--scale <scale>", "rows of the sample, where the source is still empty")
          .choices(["small", "medium", "large"])
          .default("medium"),
      )
      .option("--keep", "keep PostgreSQL and Trino running afterwards, as `lake up` does")
      .action(async (lake: string, flags: DemoFlags) => {
        const { playDemo } = await import("../demo/play");
        const { interruption } = await import("../interrupt");
        await playDemo({ lake, ...flags, signal: interruption() });
      }),
};
