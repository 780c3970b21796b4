import type { CompiledSchema } from "../../model/compiled-columns";
import type { LakeCommand } from "../command";
import { byArgument, lakeArgument, lakeOption } from "../options";

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
      .addArgument(lakeArgument())
      .addOption(lakeOption())
      .option("--check", "change nothing; fail when schema.json is stale")
      .action(
        byArgument(async ({ lake, check }: CompileFlags) => {
          const { existsSync, readFileSync } = await import("node:fs");
          const { UserError } = await import("../../model/errors");
          const { schemaPath } = await import("../../lakes/load");
          const { writeWhole } = await import("../../local/process/files");
          const schema = `${JSON.stringify(await compileLake(lake), null, 1)}\n`;
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
      ),
};

/** The columns of silver and gold as Spark's analyzer types them now, checked by the definition. */
async function compileLake(name: string): Promise<CompiledSchema> {
  const { loadUncompiledLake } = await import("../../lakes/load");
  const { SparkApplication } = await import("../../local/spark");
  const { columnProblems } = await import("../../model/compiled-columns");
  const { DefinitionError } = await import("../../model/define-lake");
  const lake = loadUncompiledLake(name);
  const spark = await SparkApplication.start({ lake, access: "read" });
  try {
    const schema = await spark.step<CompiledSchema>("compile");
    const problems = columnProblems(lake.definition, schema);
    if (problems.length > 0) throw new DefinitionError(name, problems);
    return schema;
  } finally {
    await spark.stop();
  }
}
