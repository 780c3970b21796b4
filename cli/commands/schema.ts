import type { SchemaDifference } from "../../model/schema-diff";
import { isDeployed, type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";
import { SOURCE_OPTION } from "./replicate";

interface SchemaFlags extends StackFlags {
  readonly source?: string;
  readonly json?: boolean;
}

const NOTE = `
With --stack silver is as AWS's catalog has it, and the source that of --source or LAKEWRIGHT_SOURCE.
`;

export const schema: LakeCommand = {
  group: "Look at the lake:",
  register: (program) => {
    const command = program.command("schema").description("columns in source, definition and lake");
    withStackOptions(command.command("diff"))
      .description("how they differ, what follows from it, and what breaks readers (exit code 1)")
      .option("--source <url>", SOURCE_OPTION)
      .option("--json", "print the differences as JSON")
      .addHelpText("after", NOTE)
      .action(showDiff);
    return command;
  },
};

async function showDiff(flags: SchemaFlags): Promise<void> {
  const { printJson, printTable } = await import("../output");
  const found = await (isDeployed(flags) ? differencesOnAws : differencesHere)(flags);
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

async function differencesHere({ lake, source }: SchemaFlags): Promise<SchemaDifference[]> {
  const { openLake } = await import("../../local/pipeline/open");
  const { openSource } = await import("../../local/source/open");
  const { findSchemaDifferences, storedColumns } = await import("../schema-differences");
  await using opened = await openSource(lake, source);
  await using open = await openLake(lake, "read");
  const stored = await storedColumns(open.spark);
  return await findSchemaDifferences(open.lake.manifest, opened.source, stored);
}

async function differencesOnAws(flags: SchemaFlags): Promise<SchemaDifference[]> {
  const { loadLake } = await import("../../lakes/load");
  const { deployedColumns } = await import("../aws/deployed-columns");
  const { openDeployedLake } = await import("../aws/deployed-lake");
  const { openDeployedSource } = await import("../aws/deployed-source");
  const { findSchemaDifferences } = await import("../schema-differences");
  await using opened = await openDeployedSource(flags.source);
  const deployed = await openDeployedLake(flags);
  const stored = await deployedColumns(deployed);
  const changes = deployed.values.replication.captureDdl ? "heard" : "reload";
  const { manifest } = loadLake(flags.lake);
  return await findSchemaDifferences(manifest, opened.source, stored, changes);
}
