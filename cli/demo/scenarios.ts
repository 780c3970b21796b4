import { setTimeout as sleep } from "node:timers/promises";

import { checkIsolation } from "../../analytics/isolation-check";
import type { QueryResult } from "../../analytics/query-client";
import { watchLake } from "../../local/pipeline/watch-lake";
import { UserError } from "../../model/errors";
import { tenantsQuery } from "../../model/isolation";
import { readableBytes } from "../../shared/bytes";
import { formatSeconds } from "../output";
import type { Stage } from "./stage";

/** What a scenario found, in a sentence for the summary. */
export type Finding = string;

type Report = (message: string) => void;

/** How long a change may take to show before the demo gives up (ms). */
const PATIENCE_MS = 120_000;
const POLL_MS = 100;

/** One change, followed from the source through silver to gold, with its measured seconds. */
export async function liveChange(stage: Stage, report: Report): Promise<Finding> {
  const { change } = stage.story;
  const ended = new AbortController();
  let streaming = () => {};
  const settled = new Promise<void>((resolve) => (streaming = resolve));
  report("continuous mode begins");
  const watching = watchLake(stage.open, stage.source, {
    signal: AbortSignal.any([ended.signal, stage.signal]),
    goldEveryMs: 1000,
    onReplication: ({ event }) => event === "streaming" && streaming(),
  });
  try {
    return await Promise.race([
      watching.then(() => Promise.reject(new Error("the watch ended before the change was seen"))),
      follow(),
    ]);
  } finally {
    ended.abort();
    await watching.catch(() => undefined);
  }

  async function follow(): Promise<Finding> {
    await settled;
    const gold = await answer(stage, change.gold);
    const [row] = await stage.onSource(change.source);
    const started = Date.now();
    report(`${change.what} is committed in PostgreSQL`);
    await until(stage, async () => {
      const { rows } = await stage.onLake(change.silver(String(row?.mark)));
      return rows.length > 0;
    });
    const silver = (Date.now() - started) / 1000;
    report(`in silver after ${formatSeconds(silver)}`);
    await until(stage, async () => (await answer(stage, change.gold)) !== gold);
    const total = (Date.now() - started) / 1000;
    return `${change.what}: seen in silver after ${formatSeconds(silver)}, in gold after ${formatSeconds(total)}`;
  }
}

/** The same answer with and without partition pruning, by bytes and files read. */
export async function partitionPruning(stage: Stage): Promise<Finding> {
  const { pruning } = stage.story;
  const partition = await answer(stage, pruning.partition);
  const whole = await stage.onLake(pruning.whole(partition), "admin", true);
  const pruned = await stage.onLake(pruning.pruned(partition), "admin", true);
  same(pruning.question, [whole, pruned]);
  return `${pruning.question}: ${readings(pruned)} instead of ${readings(whole)} without the partition`;
}

/** No tenant sees a row of another one, by queries in every tenant's name. */
export async function isolation(stage: Stage, report: Report): Promise<Finding> {
  const { lake } = stage.open;
  const sql = tenantsQuery(lake, "trino");
  if (!sql) return "the lake has one owner";
  const { rows } = await stage.onLake(sql);
  const tenants = rows.map(([tenant]) => String(tenant));
  report(`${tenants.length} tenants`);
  const found = await checkIsolation(stage.client, lake, tenants);
  if (found.problems.length > 0) {
    throw new UserError(`tenants are not isolated:\n  ${found.problems.join("\n  ")}`);
  }
  return (
    `${found.tenants} tenants × ${found.relations} tables: each sees its own rows only, ` +
    `together they see all ${found.rows.toLocaleString("en-US")}; ${found.refusalsTried} forbidden reads refused`
  );
}

/** A mass update gone wrong, read as it was before, and mended. */
export async function timeTravel(stage: Stage, report: Report): Promise<Finding> {
  const { mistake } = stage.story;
  const before = await answer(stage, mistake.figure);
  const at = new Date();
  let wrong: string;
  let then: string;
  await stage.onSource(mistake.wrong);
  try {
    await apply(stage, mistake.table, report);
    wrong = await answer(stage, mistake.figure);
    report(`${before} became ${wrong}`);
    then = String(await stage.asOf(mistake.figure, at));
  } finally {
    // An interrupted demo must not leave its mistake in the source.
    await stage.onSource(mistake.mend);
  }
  await apply(stage, mistake.table, report);
  const mended = await answer(stage, mistake.figure);
  if (then !== before || mended !== before || wrong === before) {
    throw new Error(`time travel: expected ${before}, got ${then} then and ${mended} mended`);
  }
  return `${mistake.what}: the sum went from ${before} to ${wrong}; as of before it is ${then}, and mended`;
}

/** The same question answered from bronze, silver and gold. */
export async function layers(stage: Stage, report: Report): Promise<Finding> {
  report("refreshing gold");
  await stage.open.pipeline.gold();
  const { question, bronze, silver, gold } = stage.story.layers;
  const results: QueryResult[] = [];
  for (const sql of [bronze, silver, gold]) results.push(await stage.onLake(sql));
  same(question, results);
  const [b, s, g] = results.map(readings);
  return `${question}: bronze ${b}, silver ${s}, gold ${g}`;
}

/** Brings what the source has of a table into silver. */
async function apply(stage: Stage, table: string, report: Report): Promise<void> {
  await stage.replicate(report);
  await stage.open.pipeline.silver([table]);
}

async function answer(stage: Stage, sql: string): Promise<string> {
  const { rows } = await stage.onLake(sql);
  return String(rows[0]?.[0]);
}

async function until(stage: Stage, seen: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await seen())) {
    if (Date.now() > deadline) throw new Error(`not seen within ${PATIENCE_MS / 1000} s`);
    await sleep(POLL_MS, undefined, { signal: stage.signal });
  }
}

function same(question: string, results: readonly QueryResult[]): void {
  const answers = new Set(results.map(({ rows }) => String(rows[0]?.[0])));
  if (answers.size !== 1)
    throw new Error(`${question}: different answers ${[...answers].join(", ")}`);
}

function readings({ stats }: QueryResult): string {
  const files = stats.filesRead === undefined ? "" : ` in ${stats.filesRead} files`;
  return `${readableBytes(stats.bytesRead)}${files}, ${formatSeconds(stats.elapsedMs / 1000)}`;
}
