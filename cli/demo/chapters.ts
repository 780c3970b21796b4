import { join } from "node:path";

import { loadSampleDrops } from "../../lakes/sample-files";
import { loadSampleSource, type SampleScale } from "../../lakes/sample-source";
import { filesBefore, nextFiles, writeWholeDrop } from "../../local/drops/write-drop";
import { transferFiles } from "../../local/files/transfer";
import { lakePaths } from "../../local/paths";
import { verifyLake } from "../../local/pipeline/verify";
import { connectSource } from "../../local/source/connection";
import { seed } from "../../local/source/seed";
import { findState } from "../../local/source/seed-state";
import { UserError } from "../../model/errors";
import { readableBytes } from "../../shared/bytes";
import { writeReport } from "../write-report";
import type { Stage } from "./stage";

type Report = (message: string) => void;

const DAY_MS = 86_400_000;

/** Seeds an empty source; one that holds data stays as it is. */
export async function fillSource(
  stage: Stage,
  scale: SampleScale,
  report: Report,
): Promise<string> {
  const sample = loadSampleSource(stage.lakeName);
  const client = await connectSource(stage.source);
  try {
    if ((await findState(client, sample)).kind === "filled") return "it holds data already";
    const until = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS);
    const { rows } = await seed({
      client,
      sample,
      options: { scale, months: 6, tenants: 8, seed: 1, until },
      existing: "fill-empty",
      signal: stage.signal,
      onProgress: (progress) =>
        report(
          progress.phase === "rows"
            ? `${progress.table}: ${count(progress.rows)} rows`
            : `keys and indexes: ${progress.done} of ${progress.total}`,
        ),
    });
    return `${count(Object.values(rows).reduce((sum, each) => sum + each, 0))} rows`;
  } finally {
    await client.end();
  }
}

/** Brings the source into bronze, by a full load where there is none yet. */
export async function loadBronze(stage: Stage, report: Report): Promise<string> {
  const { loadedRows, changes, files } = await stage.replicate(report);
  return loadedRows > 0
    ? `${count(loadedRows)} rows`
    : `${count(changes)} changes in ${count(files)} files`;
}

/** Drops the lake's sample files, with the flaws that real ones have, where none are; takes them in. */
export async function dropFiles(stage: Stage, report: Report): Promise<string> {
  const { definition, manifest } = stage.open.lake;
  const paths = lakePaths(definition);
  const samples = loadSampleDrops(stage.lakeName);
  for (const { name, files, rows } of stage.story.drops ?? []) {
    const sample = samples.find((each) => each.name === name);
    if (!sample) throw new Error(`the demo drops "${name}", which the lake has no sample of`);
    const folder = join(paths.drops, sample.folder);
    for (let present = filesBefore(sample, folder); present < files; present++) {
      for (const file of nextFiles(sample, folder, { rows, seed: 1, at: new Date() })) {
        const { lines, flaws } = await writeWholeDrop(folder, file, stage.signal);
        report(`${file.name}: ${count(lines)} lines; ${flaws.join(", ")}`);
      }
    }
  }
  const { transferred } = await transferFiles(manifest, paths, { signal: stage.signal });
  const bytes = transferred.reduce((sum, each) => sum + each.bytes, 0);
  return transferred.length > 0
    ? `${count(transferred.length)} files, ${readableBytes(bytes)}, copied and verified`
    : "they are there already";
}

/** Applies bronze to silver, every row accounted for. */
export async function loadSilver(stage: Stage, report: Report): Promise<string> {
  const { pipeline } = stage.open;
  report("creating empty tables");
  await pipeline.initialise();
  const results = await pipeline.silver(undefined, report);
  failOn(results.map(({ table, error }) => [table, error]));
  const sum = (pick: (result: (typeof results)[number]) => number) =>
    count(results.reduce((total, result) => total + pick(result), 0));
  return `${sum(({ applied }) => applied)} rows, ${sum(({ quarantined }) => quarantined)} in quarantine with their reason`;
}

/** Evaluates the declared rules of silver, before gold is made from it. */
export async function judgeQuality(stage: Stage, report: Report): Promise<string> {
  const rules = await stage.open.pipeline.quality("silver", report);
  const passed = rules.filter(({ outcome }) => outcome === "passed").length;
  return rules.length > 0
    ? `${passed} of ${rules.length} rules passed`
    : "nothing changed since the last evaluation";
}

/** Refreshes every gold model. */
export async function loadGold(stage: Stage, report: Report): Promise<string> {
  const results = await stage.open.pipeline.gold({}, report);
  failOn(results.map(({ model, error }) => [model, error]));
  const changed = results.filter(({ status }) => status !== "idle");
  const rows = changed.reduce((sum, { upserts }) => sum + upserts, 0);
  return `${changed.length} of ${results.length} models, ${count(rows)} rows`;
}

/** Compares silver and quarantine with the source, row by row. */
export async function proveEqual(stage: Stage, report: Report): Promise<string> {
  await stage.replicate(report);
  await stage.open.pipeline.silver(undefined, report);
  const tables = await verifyLake(stage.open, stage.source, { signal: stage.signal });
  const different = tables.filter(({ ok }) => !ok).map(({ table }) => table);
  if (different.length > 0) {
    throw new UserError(
      `silver differs from the source in ${different.join(", ")}; ./lake verify names the keys`,
    );
  }
  return `all ${tables.length} tables equal, row by row`;
}

/** Writes the report page. */
export async function writePage(stage: Stage): Promise<string> {
  await stage.open.pipeline.gold();
  const { path, failures } = await writeReport(stage.open.lake, { signal: stage.signal });
  failOn(failures.map(({ title, error }) => [title, error]));
  return path;
}

function failOn(errors: readonly (readonly [string, string | null | undefined])[]): void {
  const failed = errors.filter(([, error]) => error).map(([name, error]) => `${name}: ${error}`);
  if (failed.length > 0) throw new UserError(failed.join("\n"));
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
