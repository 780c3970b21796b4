import type { LakeCommand } from "../command";
import { SOURCE_OPTION } from "./replicate";

interface SchemaFlags {
  readonly lake: string;
  readonly source?: string;
  readonly json?: boolean;
}

export const schema: LakeCommand = {
  group: "Look at the lake:",
  register: (program) => {
    const command = program.command("schema").description("columns in source, definition and lake");
    command
      .command("diff")
      .description("how they differ, what follows from it, and what breaks readers (exit code 1)")
      .option("--lake <name>", "the lake", "saas")
      .option("--source <url>", SOURCE_OPTION)
      .option("--json", "print the differences as JSON")
      .action(showDiff);
    return command;
  },
};

async function showDiff(flags: SchemaFlags): Promise<void> {
  const { findSchemaDifferences } = await import("../schema-differences");
  const { printJson, printTable } = await import("../output");
  const found = await findSchemaDifferences(flags.lake, flags.source);
  if (flags.json) {
    printJson(found);
  } else if (found.length === 0) {
    console.log("source, definition and silver have the same columns");
  } else {
    printTable(
      ["table", "column", "source", "definition", "silver", "readers", "what it means"],
      found.map((each) => [
        each.table,
        each.column,
        each.source,
        each.definition,
        each.silver,
        each.breaksReaders ? "break" : "go on",
        each.meaning,
      ]),
    );
  }
  if (found.some(({ breaksReaders }) => breaksReaders)) process.exitCode = 1;
}
