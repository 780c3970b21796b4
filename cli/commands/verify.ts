import type { TableVerification } from "../../local/pipeline/verify";
import type { LakeCommand } from "../command";
import { SOURCE_OPTION } from "./replicate";

interface VerifyFlags {
  readonly lake: string;
  readonly source?: string;
  readonly json?: boolean;
}

/** Keys that are printed per table and kind of difference; `--json` gives what Spark gave. */
const SHOWN_KEYS = 5;

export const verify: LakeCommand = {
  group: "Look at the lake:",
  register: (program) =>
    program
      .command("verify")
      .description(
        "compare silver and quarantine with the source, row by row; exit code 1 if they differ",
      )
      .option("--lake <name>", "the lake", "saas")
      .option("--source <url>", SOURCE_OPTION)
      .option("--json", "print the result as JSON")
      .action(async (flags: VerifyFlags) => {
        const { verifyLake } = await import("../../local/pipeline/verify");
        const { openLake } = await import("../../local/pipeline/open");
        const { openSource } = await import("../../local/source/open");
        const { interruption } = await import("../interrupt");
        const { printJson } = await import("../output");
        await using opened = await openSource(flags.source);
        await using open = await openLake(flags.lake, "read");
        const signal = interruption();
        open.spark.stopOn(signal);
        const tables = await verifyLake(open, opened.source, { signal });
        if (flags.json) printJson(tables);
        else await printVerification(tables);
        if (tables.some(({ ok }) => !ok)) process.exitCode = 1;
      }),
};

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
