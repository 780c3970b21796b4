import { Option } from "commander";

import { FLAW_NAMES, type FlawName } from "../../lakes/sample-file-flaws";
import type { SampleDrop } from "../../lakes/sample-files";
import type { Written } from "../../local/drops/write-drop";
import { UserError } from "../../model/errors";
import type { LakeCommand } from "../command";
import { lakeOption, wholeNumber } from "../options";

interface DropFlags {
  readonly lake: string;
  readonly rows?: number;
  readonly files: number;
  readonly seed: number;
  /** False where --no-flaws is given, true where neither option is. */
  readonly flaw?: readonly FlawName[];
  readonly flaws: boolean;
  readonly into?: string;
  readonly halfWritten?: number;
}

const NOTE = `
Flaws: ${FLAW_NAMES.join(", ")}.
Without --flaw and --no-flaws a file has flaws in some rows, and each next one another as a whole.
`;

export const drop: LakeCommand = {
  group: "Source database:",
  register: (program) =>
    program
      .command("drop")
      .description("drop generated CSV files for the lake, with the flaws that real files have")
      .argument("<what>", "customers, or sales-orders")
      .option("--rows <n>", "rows of a file", wholeNumber(0, 100_000_000))
      .option("--files <n>", "files, one after the other", wholeNumber(1, 10_000), 1)
      .option("--seed <n>", "another number gives other rows", wholeNumber(0, 1e15 - 1), 1)
      .addOption(
        new Option("--flaw <name...>", "these flaws, and no others")
          .choices(FLAW_NAMES)
          .conflicts("noFlaws"),
      )
      .option("--no-flaws", "files without a flaw")
      .option("--half-written <s>", "let each file grow for so long", wholeNumber(1, 3_600))
      .option("--into <folder>", "where to (default: the lake's folder for dropped files)")
      .addOption(lakeOption("autocorp"))
      .addHelpText("after", NOTE)
      .action(runDrop),
};

async function runDrop(what: string, flags: DropFlags): Promise<void> {
  const { join } = await import("node:path");
  const { loadSampleDrops } = await import("../../lakes/sample-files");
  const { lakeHome } = await import("../../local/paths");
  const { nextFiles, writeGrowingDrop, writeWholeDrop } =
    await import("../../local/drops/write-drop");
  const { interruption } = await import("../interrupt");
  const chosen = findDrop(what, flags.lake, loadSampleDrops(flags.lake));
  const folder = flags.into ?? join(lakeHome(flags.lake).drops, chosen.folder);
  const flaws = flags.flaws ? flags.flaw : [];
  const signal = interruption();
  for (let number = 0; number < flags.files && !signal.aborted; number++) {
    const options = { rows: flags.rows, seed: flags.seed, at: new Date(), flaws };
    for (const file of explainingRange(() => nextFiles(chosen, folder, options))) {
      const written = flags.halfWritten
        ? await writeGrowingDrop(folder, file, flags.halfWritten, signal)
        : await writeWholeDrop(folder, file, signal);
      printWritten(written);
    }
  }
}

function findDrop(what: string, lake: string, drops: readonly SampleDrop[]): SampleDrop {
  const found = drops.find(({ name }) => name === what);
  if (found) return found;
  const names = drops.map(({ name }) => name).join(", ");
  throw new UserError(`the lake "${lake}" has no drop "${what}"; expected one of ${names}`);
}

function explainingRange<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof RangeError ? new UserError(error.message) : error;
  }
}

function printWritten({ path, bytes, lines, flaws }: Written): void {
  const size = `${lines.toLocaleString("en-US")} lines, ${bytes.toLocaleString("en-US")} bytes`;
  console.log(`${path}: ${size}${flaws.length > 0 ? `; ${flaws.join(", ")}` : ""}`);
}
