import type { LakeCommand } from "../command";

export const jars: LakeCommand = {
  group: "AWS:",
  register: (program) =>
    program
      .command("jars")
      .description("fetch the jars that `pulumi up` uploads for the job, into glue-scripts/jars")
      .action(async () => {
        const { copyQualityJars } = await import("../../local/toolchain");
        const { JARS } = await import("../../stacks/quality-jars");
        for (const name of await copyQualityJars(JARS)) console.log(`glue-scripts/jars/${name}`);
      }),
};
