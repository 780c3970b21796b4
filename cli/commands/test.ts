import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { paths } from "../../local/paths";
import { ProgramFailed, run } from "../../local/process/run";
import type { Check } from "../checks/checks";
import { type Tally, tally } from "../checks/tally";
import type { LakeCommand } from "../command";

/** `./lake test`: every check of the project, with one closing count over all of them. */
export const test: LakeCommand = {
  group: "Development:",
  register: (program) =>
    program
      .command("test")
      .description("check types, lint and format, and run every test with real engines")
      .option("--only <name>", "run the checks whose name contains this, such as jest or ruff")
      .action(async ({ only }: { only?: string }) => {
        const { allChecks } = await import("../checks/checks");
        const reports = mkdtempSync(join(tmpdir(), "lakewright-test-"));
        try {
          const checks = (await allChecks(paths().project, reports)).filter(
            ({ name }) => !only || name.includes(only),
          );
          const failed = await runChecks(checks);
          process.exitCode = failed > 0 ? 1 : 0;
        } finally {
          rmSync(reports, { recursive: true, force: true });
        }
      }),
};

/** Runs the checks one after the other and prints the count; gives the number of failures. */
async function runChecks(checks: readonly Check[]): Promise<number> {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const check of checks) {
    console.log(`\n── ${check.name}`);
    const started = Date.now();
    const result = tally(check, await exitCodeOf(check));
    console.log(
      `── ${check.name}: ${describe(result)} in ${Math.round((Date.now() - started) / 1000)} s`,
    );
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped;
  }
  if (total.skipped > 0) console.log(`\n${total.skipped} skipped, for the reasons printed above`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed;
}

function describe({ passed, failed, skipped }: Tally): string {
  return `${failed === 0 ? "ok" : "FAILED"} (${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""})`;
}

/** The exit code; a program that could not be started or was killed counts as 1. */
async function exitCodeOf({ program, args, env }: Check): Promise<number> {
  try {
    await run(program, args, {
      cwd: paths().project,
      env: { ...process.env, ...env },
      inherit: true,
    });
    return 0;
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    if (error.output) console.error(error.output);
    return typeof error.exit === "number" ? error.exit : 1;
  }
}
