import type { LakeCommand } from "../command";

interface ResetOptions {
  readonly all?: true;
  readonly yes?: true;
}

export const reset: LakeCommand = {
  group: "Services and state:",
  register: (program) =>
    program
      .command("reset")
      .description("delete the source database, the lake and everything else made here")
      .option("--all", "the downloaded toolchain as well, which other checkouts share")
      .option("-y, --yes", "do not ask")
      .action(async ({ all, yes }: ResetOptions) => {
        const { paths } = await import("../../local/paths");
        const { resetState, resetToolchain } = await import("../../local/reset");
        const { state, cache } = paths();
        const what = all ? `${state} and the toolchain in ${cache}` : state;
        if (!yes && !(await confirm(`Delete ${what}, with all data in it?`))) return;
        await resetState();
        if (all) await resetToolchain();
        console.log(`Deleted ${what}.`);
      }),
};

async function confirm(question: string): Promise<boolean> {
  const { UserError } = await import("../../model/errors");
  if (!process.stdin.isTTY)
    throw new UserError(`${question} Nobody can be asked here: add --yes to do it.`);
  const { createInterface } = await import("node:readline/promises");
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}
