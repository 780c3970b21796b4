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
      .description("delete the embedded database, the lakes and everything else made here")
      .option("--all", "the downloaded toolchain as well, which other checkouts share")
      .option("-y, --yes", "do not ask")
      .action(async ({ all, yes }: ResetOptions) => {
        const { confirm } = await import("../confirm");
        const { paths } = await import("../../local/paths");
        const { resetState, resetToolchain, slotsElsewhere } = await import("../../local/reset");
        const { forsakenHomes } = await import("../../local/services/postgres-home");
        const { state, cache } = paths();
        const mine = `the embedded database and the lakes in ${state}`;
        const what = all ? `${mine}, and the toolchain in ${cache}` : mine;
        for (const { name, label } of slotsElsewhere())
          console.error(
            `note: the lake holds the replication slot ${name} on ${label}, which makes that server keep its WAL; it is dropped if it can be reached`,
          );
        if (!yes && !(await confirm(`Delete ${what}, with everything else made there?`))) return;
        await resetState((line) => console.log(line));
        if (all) resetToolchain();
        console.log(`Deleted ${what}.`);
        for (const { folder, owner } of all ? forsakenHomes() : [])
          console.error(
            `note: ${folder} holds the database of a checkout whose state was ${owner}; delete it if that is gone for good`,
          );
      }),
};
