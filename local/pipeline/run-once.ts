import { lakePaths } from "../paths";
import type { OnProgress } from "../replication/progress";
import { replicate, type ReplicateOptions } from "../replication/replicator";
import type { Source } from "../source/connection";
import type { OpenLake } from "./open";
import type { ModelResult, RuleResult, TableResult } from "./results";

export interface RunResult {
  readonly silver: readonly TableResult[];
  readonly quality: readonly RuleResult[];
  readonly gold: readonly ModelResult[];
  /** Whether a table's replication is stopped, or a table or a model failed; the others are done. */
  readonly failed: boolean;
}

export interface RunOptions extends Pick<ReplicateOptions, "prepare"> {
  /** Lists all of bronze instead of its last days. @default false */
  readonly relist?: boolean;
  readonly signal?: AbortSignal;
  readonly onReplication?: OnProgress;
}

/**
 * One pass over the lake: replicates what the source has committed, then silver, quality, gold.
 * @param source undefined to take bronze as it is
 */
export async function runOnce(
  { lake, pipeline }: Pick<OpenLake, "lake" | "pipeline">,
  source: Source | undefined,
  { relist, signal, prepare, onReplication }: RunOptions = {},
): Promise<RunResult> {
  let stopped = 0;
  if (source) {
    const summary = await replicate({
      manifest: lake.manifest,
      paths: lakePaths(lake.definition),
      source,
      mode: "once",
      prepare,
      signal,
      onProgress: onReplication,
    });
    stopped = summary.stopped.length;
  }
  signal?.throwIfAborted();
  await pipeline.initialise();
  const silver = await pipeline.silver(undefined, undefined, relist);
  const silverRules = await pipeline.quality("silver");
  const gold = await pipeline.gold();
  const quality = [...silverRules, ...(await pipeline.quality("gold"))];
  const failed = stopped > 0 || [...silver, ...gold].some(({ status }) => status === "failed");
  return { silver, quality, gold, failed };
}
