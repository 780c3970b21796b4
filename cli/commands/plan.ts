import type { LakeCommand } from "../command";
import { wholeNumber } from "../options";

interface PlanFlags {
  readonly stack: string;
  readonly tenants?: number;
  readonly sources?: boolean;
  readonly json?: boolean;
}

const NOTE = `
Runs the program with the settings of Pulumi.<stack>.yaml and without AWS: it does not know what is
there already. Quotas are defaults of an account and region, used by this stack alone; "checked" is
when AWS's page was read, and sizes of policies are some percent larger with real ARNs.
`;

export const plan: LakeCommand = {
  group: "AWS:",
  register: (program) =>
    program
      .command("plan")
      .description(
        "what a stack would create, the AWS quotas that it comes near, and histories cut short",
      )
      .option("--stack <name>", "the stack: dev, qa, prod or account", "dev")
      .option("--tenants <count>", "as if each lake had so many", wholeNumber(0, 5_000))
      .option("--sources", "print the page of AWS that lists each quota")
      .option("--json", "print resources and quotas as JSON")
      .addHelpText("after", NOTE)
      .action(async (flags: PlanFlags) => {
        const { qualityJarNames } = await import("../../local/toolchain");
        const { evaluateStack, withTenants } = await import("../../stacks/evaluate");
        const { quotaUses } = await import("../../model/aws/quotas");
        const { plannedKinds, printKinds, printQuotas } = await import("../plan-tables");
        const { printShortHistories } = await import("../short-histories");
        const { withStandInJars } = await import("../stand-in-jars");
        const { printJson } = await import("../output");
        const change = flags.tenants === undefined ? undefined : withTenants(flags.tenants);
        const evaluated = await withStandInJars(qualityJarNames(), (jars) =>
          evaluateStack(flags.stack, jars, change),
        );
        const kinds = plannedKinds(evaluated);
        const quotas = quotaUses(evaluated.registered);
        if (flags.json) {
          const uses = quotas.map(({ quota, used, share }) => ({ ...quota, used, share }));
          return printJson({ stack: flags.stack, resources: kinds, quotas: uses });
        }
        printKinds(kinds);
        console.log();
        printQuotas(quotas, { sources: flags.sources ?? false });
        printShortHistories(evaluated.settings);
      }),
};
