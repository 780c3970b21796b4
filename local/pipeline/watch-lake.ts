import { type TransferWatchOptions, watchTransfers } from "../files/watch-transfers";
import { lakePaths } from "../paths";
import type { ReplicationEvent } from "../replication/progress";
import { replicate, type ReplicateOptions } from "../replication/replicator";
import { controlTables } from "../replication/table-layout";
import type { Source } from "../source/connection";
import type { OpenLake } from "./open";
import { Watch, type WatchOptions } from "./watch";

export interface WatchLakeOptions
  extends
    Pick<WatchOptions, "onSilver" | "onGold" | "onQuality" | "onMaintained">,
    Pick<ReplicateOptions, "prepare">,
    Pick<TransferWatchOptions, "drops" | "onTransferred" | "onRefused"> {
  readonly signal: AbortSignal;
  readonly onReplication?: (event: ReplicationEvent) => void;
  /** The lake has all that was there when the watch began, and waits for changes. */
  readonly onCaughtUp?: () => void;
  /** A gold model is refreshed at most this often (ms). @default 15000 */
  readonly goldEveryMs?: number;
}

/** Tables and models that are worked on at the same time: as many as a small laptop has cores. */
const SLOTS = 2;
const GOLD_EVERY_MS = 15_000;
const GOLD_SHARE = 0.1;
/** Share of the time for quality, maintenance and relisting together. */
const CHORE_SHARE = 0.02;
/** A watch that begins catches up first (ms). */
const CHORES_AFTER_MS = 60_000;
const QUALITY_EVERY_MS = 300_000;
const TIMED_QUALITY_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Each commit adds files to a table's timeline, which every commit lists. */
const MAINTAIN_EVERY_COMMITS = 300;
/** How often models that depend on the day are looked at (ms). */
const DAY_CHECK_MS = 600_000;

/**
 * Keeps a lake up with its source until the signal: replication, silver and gold in continuous
 * mode, what was left over from before as well.
 * @throws what ended the replication or the Spark application
 */
export async function watchLake(
  { lake, pipeline }: OpenLake,
  source: Source,
  options: WatchLakeOptions,
): Promise<void> {
  const { manifest } = lake;
  const broken = new AbortController();
  let warm = false;
  const watch = new Watch({
    ...options,
    onCaughtUp: () => warm && options.onCaughtUp?.(),
    manifest,
    pipeline,
    schedule: {
      slots: SLOTS,
      goldEveryMs: options.goldEveryMs ?? GOLD_EVERY_MS,
      goldShare: GOLD_SHARE,
      choreShare: CHORE_SHARE,
      choresFrom: Date.now() + CHORES_AFTER_MS,
      qualityEveryMs: QUALITY_EVERY_MS,
      timedQualityEveryMs: TIMED_QUALITY_EVERY_MS,
      maintainEveryMs: DAY_MS,
      maintainEveryCommits: MAINTAIN_EVERY_COMMITS,
      relistEveryMs: 7 * DAY_MS,
    },
    onBroken: () => broken.abort(),
  });
  await pipeline.initialise();
  const all = manifest.tables.map(({ name }) => name);
  const { truncations } = controlTables(manifest);
  const changed = (name: string) => {
    if (all.includes(name)) watch.changed(name);
    else if (name === truncations.name) all.forEach((table) => watch.changed(table));
  };
  const warming = pipeline.warm().then(() => {
    warm = true;
    all.forEach((table) => watch.changed(table));
    manifest.models.forEach(({ name }) => watch.stale(name));
  }, watch.fail);
  const paths = lakePaths(lake.definition);
  const transfers = watchTransfers(manifest, paths, {
    ...options,
    signal: AbortSignal.any([options.signal, broken.signal]),
    onTransferred: (transfer) => {
      options.onTransferred?.(transfer);
      changed(transfer.table);
    },
  }).catch(watch.fail);
  const daily = manifest.models.filter((model) => model.uses_today);
  const days = setInterval(() => daily.forEach(({ name }) => watch.stale(name)), DAY_CHECK_MS);
  try {
    await replicate({
      manifest,
      paths,
      source,
      mode: "continuous",
      prepare: options.prepare,
      signal: AbortSignal.any([options.signal, broken.signal]),
      onProgress: (event) => {
        options.onReplication?.(event);
        if (event.event === "file") changed(event.table);
        if (event.event === "complete") event.tables.forEach(changed);
      },
    });
  } finally {
    clearInterval(days);
    broken.abort();
    await Promise.all([warming, transfers]);
    await watch.stop();
  }
  if (watch.failure) throw watch.failure.error;
}
