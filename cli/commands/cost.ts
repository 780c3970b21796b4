import type { Lake } from "../../model/lake";
import type { LakeCommand } from "../command";
import type { CostFlags } from "../cost-inputs";
import { byArgument, lakeArgument, lakeOption, wholeNumber } from "../options";
import type { StackCost } from "../stack-cost";

interface CommandFlags extends CostFlags {
  readonly lake: string;
  readonly stack?: string;
  readonly lines?: boolean;
  readonly json?: boolean;
}

const NOTE = `
The estimate is for one lake in one region, at list prices, without free allotments, taxes and data
transfer: for a small stack, or with --stack for the settings and tenants of Pulumi.<stack>.yaml. Prices and their sources: model/aws/prices.json; what is assumed of a run:
model/aws/cost-settings.ts.
`;

/** Pulumi, which takes its time to load, only where a stack is named. */
async function readStack(stack: string | undefined, lake: Lake): Promise<StackCost | undefined> {
  if (stack === undefined) return undefined;
  const { stackCost } = await import("../stack-cost");
  return stackCost(stack, lake);
}

function defaultsNote(stack: string, lake: string): string {
  return `Pulumi.${stack}.yaml does not have ${lake}: priced with the defaults and a database of yours.`;
}

export const cost: LakeCommand = {
  group: "AWS:",
  register: (program) =>
    program
      .command("cost")
      .description("what a lake costs on AWS a month, and what each setting would change")
      .addArgument(lakeArgument())
      .addOption(lakeOption())
      .option("--stack <name>", "the stack whose settings count: dev, qa or prod")
      .option("--rows <count>", "rows in all source tables", wholeNumber(0, 1e12))
      .option("--changes-per-day <count>", "rows changed a day", wholeNumber(0, 1e11))
      .option("--file-mb-per-day <MB>", "MB of dropped files a day", wholeNumber(0, 1e9))
      .option("--files-per-day <count>", "how many files these are", wholeNumber(1, 1e9))
      .option(
        "--file-days-at-server <days>",
        "days that a file stays at the file server, where each transfer looks at it again",
        wholeNumber(0, 36_500),
      )
      .option("--tenants <count>", "tenants", wholeNumber(0, 100_000))
      .option("--queries-per-day <count>", "queries a day by each tenant", wholeNumber(0, 1e9))
      .option("--mb-per-query <MB>", "MB that a query reads", wholeNumber(0, 1e9))
      .option("--silver <minutes>", "minutes between runs of silver", wholeNumber(1, 44_640))
      .option("--gold <minutes>", "minutes between refreshes of gold", wholeNumber(1, 44_640))
      .option("--job <mode>", "scheduled, continuous or cheapest")
      .option("--worker-type <type>", "Glue worker type, such as G.1X")
      .option("--workers <count>", "Glue workers", wholeNumber(2, 299))
      .option("--replication <kind>", "instance, serverless or off")
      .option("--dms-class <class>", "DMS instance class, such as dms.t3.small")
      .option("--endpoints <count>", "interface endpoints", wholeNumber(0, 50))
      .option("--zones <count>", "availability zones of each endpoint", wholeNumber(1, 6))
      .option("--crawlers <count>", "crawlers, each run hourly", wholeNumber(0, 100))
      .option("--lines", "print every line of the bill, not only services")
      .option("--json", "print lines, changes and inputs as JSON")
      .addHelpText("after", NOTE)
      .action(
        byArgument(async (flags: CommandFlags) => {
          const { estimateCost } = await import("../../model/aws/cost");
          const { settingChanges } = await import("../../model/aws/cost-changes");
          const { printJson } = await import("../output");
          const { costInputs } = await import("../cost-inputs");
          const { loadLake } = await import("../../lakes/load");
          const lake = loadLake(flags.lake);
          const stack = await readStack(flags.stack, lake);
          const inputs = costInputs(lake, { tenants: stack?.tenants, ...flags }, stack?.settings);
          const estimate = estimateCost(inputs);
          const changes = settingChanges(inputs);
          if (flags.json) return printJson({ ...inputs, estimate, changes });
          const { printCost } = await import("../cost-table");
          printCost(estimate, changes, { lines: flags.lines ?? false });
          if (stack?.hasLake === false) console.log(`\n${defaultsNote(flags.stack!, flags.lake)}`);
        }),
      ),
};
