import { type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";
import { wholeNumber } from "../options";
import { DEPLOYED_SOURCE_OPTION } from "./replicate";

interface SmokeFlags extends StackFlags {
  readonly source?: string;
  readonly minutes: number;
  readonly json?: boolean;
}

const NOTE = `
Rewrites one row of each source table with its own values, runs passes until Athena shows the changes
in silver, and looks at the lake as its owners and its tenants. It needs a disposable environment, for
it is the test of what only a deployment can prove, and credentials that administer Lake Formation and
may take on the readers' roles. Runs of the job and queries are billed.
`;

export const smoke: LakeCommand = {
  group: "AWS:",
  register: (program) =>
    withStackOptions(program.command("smoke"))
      .description("send a change of every table through a deployed lake; exit code 1 if it fails")
      .option("--source <url>", DEPLOYED_SOURCE_OPTION)
      .option("--minutes <n>", "that a change may take to Athena", wholeNumber(1, 1440), 60)
      .option("--json", "print the results as JSON")
      .addHelpText("after", NOTE)
      .action(async ({ source, minutes, json, ...flags }: SmokeFlags) => {
        const { openDeployedSource } = await import("../aws/deployed-source");
        const { openDeployedLake } = await import("../aws/deployed-lake");
        const smokeTest = await import("../aws/smoke");
        const { formatSeconds, printJson } = await import("../output");
        const { interruption } = await import("../interrupt");
        await using opened = await openDeployedSource(source);
        const results = await smokeTest.smoke(await openDeployedLake(flags), opened.source, {
          signal: interruption(),
          minutes,
          onResult: ({ what, ok, found, seconds }) =>
            json || console.log(`${ok ? "✔" : "✘"} ${what}: ${found} (${formatSeconds(seconds)})`),
        });
        if (json) printJson(results);
        if (results.some(({ ok }) => !ok)) process.exitCode = 1;
      }),
};
