import type { TableVerification } from "../../local/pipeline/verify";
import { isDeployed, type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";
import { byArgument, lakeArgument } from "../options";
import { SOURCE_OPTION } from "./replicate";

interface VerifyFlags extends StackFlags {
  readonly source?: string;
  readonly json?: boolean;
}

const NOTE = `
Changes that are on their way count as differences: run it on a source at rest, once they are in.
With --stack the source's rows go to the lake's own bucket, the job compares (billed for a minute at
least), and the rows are removed again; the lake's owner alone can read that bucket.
`;

/** Keys that are printed per table and kind of difference; `--json` gives what Spark gave. */
const SHOWN_KEYS = 5;

export const verify: LakeCommand = {
  group: "Look at the lake:",
  register: (program) =>
    withStackOptions(program.command("verify"))
      .addArgument(lakeArgument())
      .description(
        "compare silver and quarantine with the source, row by row; exit code 1 if they differ",
      )
      .option("--source <url>", SOURCE_OPTION)
      .option("--json", "print the result as JSON")
      .addHelpText("after", NOTE)
      .action(
        byArgument(async (flags: VerifyFlags) => {
          const { printJson } = await import("../output");
          const tables = await (isDeployed(flags) ? verifyOnAws : verifyHere)(flags);
          if (flags.json) printJson(tables);
          else await printVerification(tables);
          if (tables.some(({ ok }) => !ok)) process.exitCode = 1;
        }),
      ),
};

async function verifyHere({ lake, source }: VerifyFlags): Promise<TableVerification[]> {
  const { openSource } = await import("../../local/source/open");
  const { verifyLake } = await import("../../local/pipeline/verify");
  const { openLake } = await import("../../local/pipeline/open");
  const { interruption } = await import("../interrupt");
  await using opened = await openSource(lake, source);
  await using open = await openLake(lake, "read");
  const signal = interruption();
  open.spark.stopOn(signal);
  return await verifyLake(open, opened.source, { signal });
}

async function verifyOnAws(flags: VerifyFlags): Promise<TableVerification[]> {
  const { openDeployedSource } = await import("../aws/deployed-source");
  const { openDeployedLake } = await import("../aws/deployed-lake");
  const { verifyDeployed } = await import("../aws/verify-deployed");
  const { interruption } = await import("../interrupt");
  await using opened = await openDeployedSource(flags.source);
  return await verifyDeployed(await openDeployedLake(flags), opened.source, {
    signal: interruption(),
    onStep: (step) => console.error(`${step} …`),
  });
}

/** Prints a line a table, and the keys that differ. */
export async function printVerification(tables: readonly TableVerification[]): Promise<void> {
  const { printTable } = await import("../output");
  const right = (title: string) => ({ title, align: "right" as const });
  printTable(
    ["table", "result", right("source"), right("silver"), right("quarantined")],
    tables.map((each) => [
      each.table,
      each.ok ? "equal" : "DIFFERENT",
      each.expected + each.quarantined_expected,
      each.actual,
      each.quarantined_actual,
    ]),
  );
  for (const each of tables) {
    showKeys(each.table, "missing", each.missing);
    showKeys(each.table, "not in the source", each.extra);
    showKeys(each.table, "different", each.different);
  }
}

function showKeys(table: string, what: string, keys: readonly unknown[]): void {
  if (keys.length === 0) return;
  const shown = keys.slice(0, SHOWN_KEYS).map((key) => JSON.stringify(key));
  const more = keys.length > SHOWN_KEYS ? `, … (${keys.length} in all)` : "";
  console.log(`${table}: ${what}: ${shown.join(", ")}${more}`);
}
