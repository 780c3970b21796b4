import { type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";

interface CheckFlags extends StackFlags {
  readonly json?: boolean;
}

const NOTE = `
Compared are: the account's defaults; grants on the lake's databases, tables, locations and LF-Tags;
the rows and columns of the tenants' filters; and that nothing gives out quarantine, change files and
bookkeeping. Grants to Lake Formation's administrators are left out: they may grant themselves any.
`;

export const grants: LakeCommand = {
  group: "AWS:",
  register: (program) => {
    const command = program.command("grants").description("who may read what of a lake on AWS");
    withStackOptions(command.command("check"))
      .description("compare Lake Formation with the definition; exit code 1 if they differ")
      .option("--json", "print the result as JSON")
      .addHelpText("after", NOTE)
      .action(check);
    return command;
  },
};

async function check({ json, ...flags }: CheckFlags): Promise<void> {
  const { loadLake } = await import("../../lakes/load");
  const { checkGrants } = await import("../aws/check-grants");
  const { openDeployedLake } = await import("../aws/deployed-lake");
  const { printJson, printTable } = await import("../output");
  const found = await checkGrants(loadLake(flags.lake), await openDeployedLake(flags));
  const { differences, permissions, filters } = found;
  if (differences.length > 0) process.exitCode = 1;
  if (json) return printJson(found);
  if (differences.length > 0) {
    printTable(
      ["", "where", "what"],
      differences.map(({ kind, place, problem }) => [kind, place, problem]),
    );
  }
  const result = differences.length === 0 ? "as defined" : `${differences.length} differences`;
  console.log(`${permissions} permissions and ${filters} filters: ${result}`);
}
