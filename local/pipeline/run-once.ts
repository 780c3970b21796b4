import { transferFiles, type TransferOptions, type TransferResult } from "../files/transfer";
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
  /** Why gold was left as it is: the rules on silver that do not hold. */
  readonly goldStopped?: string;
  readonly files: TransferResult;
  /** Seconds that each part took, by its name, in their order. */
  readonly seconds: Readonly<Record<string, number>>;
  /**
   * Whether a table's replication is stopped, a dropped file was refused, a table or a model
   * failed, or gold was left as it is; the rest is done.
   */
  readonly failed: boolean;
}

export interface RunOptions
  extends Pick<ReplicateOptions, "prepare">, Pick<TransferOptions, "drops" | "onTransferred"> {
  /** Lists all of bronze instead of its last days. @default false */
  readonly relist?: boolean;
  readonly signal?: AbortSignal;
  readonly onReplication?: OnProgress;
}

/**
 * One pass over the lake: replicates what the source has committed, takes what files were dropped,
 * then silver, quality, and gold where the rules on silver let it, as a run of the deployed job.
 * @param source undefined to take bronze as it is
 */
export async function runOnce(
  { lake, pipeline }: Pick<OpenLake, "lake" | "pipeline">,
  source: Source | undefined,
  { relist, signal, prepare, onReplication, ...files }: RunOptions = {},
): Promise<RunResult> {
  const { manifest } = lake;
  const paths = lakePaths(lake.definition);
  const seconds: Record<string, number> = {};
  const timed = async <T>(part: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    seconds[part] = (seconds[part] ?? 0) + (performance.now() - started) / 1_000;
    return result;
  };
  let stopped = 0;
  if (source) {
    const summary = await timed("replication", () =>
      replicate({
        manifest,
        paths,
        source,
        mode: "once",
        prepare,
        signal,
        onProgress: onReplication,
      }),
    );
    stopped = summary.stopped.length;
  }
  signal?.throwIfAborted();
  const transfer = await timed("files", () => transferFiles(manifest, paths, { ...files, signal }));
  const silver = await timed("silver", () => pipeline.apply(undefined, undefined, relist));
  // Only now: what comes first is that changes are in silver.
  await timed("tables", () => pipeline.initialise());
  const silverRules = await timed("quality", () => pipeline.quality("silver"));
  const goldStopped = await timed("quality", () => pipeline.gate());
  const gold = goldStopped ? [] : await timed("gold", () => pipeline.gold());
  const goldRules = goldStopped ? [] : await timed("quality", () => pipeline.quality("gold"));
  const quality = [...silverRules, ...goldRules];
  const failed =
    stopped > 0 ||
    goldStopped !== undefined ||
    transfer.refused.length > 0 ||
    [...silver, ...gold].some(({ status }) => status === "failed");
  return { files: transfer, silver, quality, gold, goldStopped, failed, seconds };
}
