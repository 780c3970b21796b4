import type { LakeCommand } from "../command";

interface CompileFlags {
  readonly lake: string;
  readonly check?: boolean;
}

export const compile: LakeCommand = {
  group: "Development:",
  register: (program) =>
    program
      .command("compile")
      .description("type silver and gold by Spark's analyzer into the lake's schema.json")
      .option("--lake <name>", "the lake", "saas")
      .option("--check", "change nothing; fail when schema.json is stale")
      .action(async ({ lake, check }: CompileFlags) => {
        const { existsSync, readFileSync } = await import("node:fs");
        const { UserError } = await import("../../model/errors");
        const { schemaPath } = await import("../../lakes/load");
        const { openLake } = await import("../../local/pipeline/open");
        const { writeWhole } = await import("../../local/process/files");
        await using open = await openLake(lake, "read");
        const schema = `${JSON.stringify(await open.spark.step("compile"), null, 1)}\n`;
        const path = schemaPath(lake);
        const current = existsSync(path) ? readFileSync(path, "utf8") : "";
        if (current === schema) return console.log(`lakes/${lake}/schema.json is up to date`);
        if (check) {
          throw new UserError(
            `lakes/${lake}/schema.json is stale: the SQL or the columns changed since; run ./lake compile --lake ${lake}`,
          );
        }
        writeWhole(path, schema);
        console.log(`wrote lakes/${lake}/schema.json`);
      }),
};
