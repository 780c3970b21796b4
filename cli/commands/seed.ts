import { Option } from "commander";

import type { SampleOptions, SampleScale } from "../../lakes/sample-source";
import type { Source } from "../../local/source/connection";
import type { SeedRequest, SeedResult } from "../../local/source/seed";
import { UserError } from "../../model/errors";
import type { LakeCommand } from "../command";
import { byArgument, day, lakeArgument, lakeOption, wholeNumber } from "../options";
import { SOURCE_OPTION } from "./replicate";

interface SeedFlags {
  readonly lake: string;
  readonly scale: SampleScale;
  readonly months: number;
  readonly tenants: number;
  readonly seed: number;
  readonly until?: Date;
  readonly clean?: boolean;
  readonly source?: string;
  readonly yes?: boolean;
}

export const seed: LakeCommand = {
  group: "Source database:",
  register: (program) =>
    program
      .command("seed")
      .description("fill the source with the lake's sample; the same options give the same rows")
      .addOption(
        new Option(
          "--scale <scale>",
          "how many rows: of saas about 17 thousand, 540 thousand or 3 million",
        )
          .choices(["small", "medium", "large"])
          .default("medium"),
      )
      .option("--months <n>", "months of history, 1 to 24", wholeNumber(1, 24), 6)
      .option("--tenants <n>", "tenants of different sizes, 1 to 1000", wholeNumber(1, 1000), 8)
      .option("--seed <n>", "another number gives other rows", wholeNumber(0, 1e15 - 1), 1)
      .option("--until <day>", "end of the history, exclusive (default: today in UTC)", day)
      .option("--clean", "delete what the source's tables hold, and start over")
      .addArgument(lakeArgument())
      .addOption(lakeOption())
      .option("--source <url>", SOURCE_OPTION)
      .option("--yes", "really make the tables in the database given by --source")
      .action(byArgument(runSeed)),
};

async function runSeed(flags: SeedFlags): Promise<void> {
  const { loadSampleSource } = await import("../../lakes/sample-source");
  const { openSource } = await import("../../local/source/open");
  const { connectSource } = await import("../../local/source/connection");
  const { seed } = await import("../../local/source/seed");
  const { printSeedProgress } = await import("../seed-progress");
  const { Interrupted, interruption } = await import("../interrupt");
  const sample = loadSampleSource(flags.lake);
  await using opened = await openSource(flags.lake, flags.source);
  const existing = permission(opened.source, flags);
  const client = await connectSource(opened.source);
  const signal = interruption();
  try {
    const request = { client, sample, options: optionsOf(flags), existing, signal };
    const started = Date.now();
    const result = await seed({ ...request, onProgress: printSeedProgress() });
    await printResult(result, (Date.now() - started) / 1000);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Interrupted("interrupted; the source is as it was");
  } finally {
    await client.end();
  }
}

function optionsOf({ scale, months, tenants, seed, until }: SeedFlags): SampleOptions {
  const today = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000);
  return { scale, months, tenants, seed, until: until ?? today };
}

/**
 * What seeding may do to tables that exist. In a database that is not Lakewright's own it only ever
 * adds tables, and that only when it is told to.
 */
function permission(source: Source, flags: SeedFlags): SeedRequest["existing"] {
  if (source.embedded) return flags.clean ? "replace" : "fill-empty";
  if (flags.clean) {
    throw new UserError(
      `--clean is for the embedded database only; nothing in ${source.label} is deleted: drop the sample's tables there by hand`,
    );
  }
  if (!flags.yes) {
    throw new UserError(
      `this would make the sample's tables in ${source.label}; add --yes if that is wanted`,
    );
  }
  return "refuse";
}

async function printResult({ rows, recreated }: SeedResult, seconds: number): Promise<void> {
  const { formatSeconds } = await import("../output");
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  console.log(`${total.toLocaleString("en-US")} rows seeded in ${formatSeconds(seconds)}`);
  if (recreated) {
    console.log("The tables were made anew: a running replication must be started again.");
  }
}
