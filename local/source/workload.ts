import { setTimeout as sleep } from "node:timers/promises";

import { DatabaseError } from "pg";

import { cumulate, Random } from "../../lakes/sample-random";
import {
  type Activity,
  loadSampleSource,
  type SampleSource,
  type SqlClient,
} from "../../lakes/sample-source";
import { SECOND, timestampText } from "../../lakes/sample-text";
import { UserError } from "../../model/errors";
import { connectSource, type Source } from "./connection";

/** What a workload did so far. */
export interface Tally {
  /** Per kind of activity: transactions committed and rows they changed. */
  readonly kinds: Readonly<
    Record<string, { readonly transactions: number; readonly rows: number }>
  >;
  readonly transactions: number;
  readonly rows: number;
  /** Transactions rolled back because another session changed the same rows. */
  readonly conflicts: number;
  readonly seconds: number;
}

export interface WorkloadRequest {
  readonly connection: Source;
  /** @default the SaaS lake's */
  readonly sample?: SampleSource;
  /** Row changes per second; several make a transaction, so it holds on average. */
  readonly rate: number;
  readonly seconds: number;
  readonly seed: number;
  /** Ends the workload after the running transaction. */
  readonly signal?: AbortSignal;
  /** Called about twice a second. */
  readonly onProgress?: (tally: Tally) => void;
}

const PROGRESS_MS = 500;
const DEFAULT_LAKE = "saas";

/**
 * Plays a live application at a steady rate, for a time or until the signal; the random choices
 * follow the seed, the clock is the real one.
 * @throws UserError when the source has nothing that could be changed
 */
export async function runWorkload(request: WorkloadRequest): Promise<Tally> {
  const { sample = loadSampleSource(DEFAULT_LAKE) } = request;
  const client = await connectSource(request.connection);
  try {
    await client.query("SET search_path = public");
    const random = new Random(request.seed);
    const now = () => timestampText(Date.now() * 1000 + random.int(0, 999));
    return await play(new Player(client, sample.activities, random, now), request);
  } finally {
    await client.end();
  }
}

async function play(player: Player, request: WorkloadRequest): Promise<Tally> {
  const { rate, seconds, signal, onProgress } = request;
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  let reported = 0;
  while (elapsed() < seconds && !signal?.aborted) {
    if (performance.now() - reported >= PROGRESS_MS) {
      reported = performance.now();
      onProgress?.(player.tally(elapsed()));
    }
    const ahead = player.rows / rate - elapsed();
    if (ahead > 0) await pause(Math.min(ahead, seconds - elapsed(), PROGRESS_MS / 1000), signal);
    else await player.step();
  }
  const tally = player.tally(elapsed());
  onProgress?.(tally);
  return tally;
}

export interface RandomChangesOptions {
  /** @default the SaaS lake's */
  readonly sample?: SampleSource;
  /** Kinds of activities to choose from. @default all of them */
  readonly kinds?: readonly string[];
  /** First reading of the clock, which then advances by random steps below a second. @default 2026-01-01 */
  readonly from?: Date;
}

/**
 * Makes at least `changes` row changes in random transactions, as fast as it goes. The same
 * generator state on the same data gives the same data, clock included.
 */
export async function randomChanges(
  client: SqlClient,
  random: Random,
  changes: number,
  options: RandomChangesOptions = {},
): Promise<Tally> {
  const { sample = loadSampleSource(DEFAULT_LAKE), kinds, from = DEFAULT_CLOCK } = options;
  const chosen = sample.activities.filter(({ kind }) => kinds?.includes(kind) ?? true);
  let clock = from.getTime() * 1000;
  const now = () => timestampText((clock += random.int(1, SECOND)));
  const player = new Player(client, chosen, random, now);
  while (player.rows < changes) await player.step();
  return player.tally(0);
}

const DEFAULT_CLOCK = new Date("2026-01-01T00:00:00Z");

/** Errors that mean that another session was quicker; the transaction is given up. */
const CONFLICTS = ["40001", "40P01", "23503", "23505", "55P03"];
const MOST_FAILURES = 200;

class Player {
  private readonly kinds: Record<string, { transactions: number; rows: number }> = {};
  private readonly totals: Float64Array;
  private conflicts = 0;
  private transactions = 0;
  private fruitless = 0;
  rows = 0;

  constructor(
    private readonly client: SqlClient,
    private readonly activities: readonly Activity[],
    private readonly random: Random,
    private readonly now: () => string,
  ) {
    this.totals = cumulate(activities.map(({ weight }) => weight));
  }

  /** One transaction of a random kind. */
  async step(): Promise<void> {
    const activity = this.activities[this.random.weighted(this.totals)] as Activity;
    const rows = await this.transaction(activity);
    if (rows > 0) {
      const kind = (this.kinds[activity.kind] ??= { transactions: 0, rows: 0 });
      kind.transactions++;
      kind.rows += rows;
      this.transactions++;
      this.rows += rows;
      this.fruitless = 0;
    } else if (++this.fruitless > MOST_FAILURES) {
      throw new UserError(
        `the workload found nothing to change in ${MOST_FAILURES} attempts; is the source seeded? Run ./lake seed`,
      );
    }
  }

  private async transaction(activity: Activity): Promise<number> {
    const { client } = this;
    await client.query("BEGIN");
    try {
      const rows = await activity.run({ client, random: this.random, now: this.now });
      await client.query("COMMIT");
      return rows;
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      if (error instanceof DatabaseError && error.code === "42P01") {
        throw new UserError(`${error.message}: the source is not seeded; run ./lake seed`);
      }
      if (!(error instanceof DatabaseError) || !CONFLICTS.includes(error.code ?? "")) throw error;
      this.conflicts++;
      return 0;
    }
  }

  tally(seconds: number): Tally {
    const { transactions, rows, conflicts } = this;
    const kinds = Object.fromEntries(
      Object.entries(this.kinds).map(([kind, counts]) => [kind, { ...counts }]),
    );
    return { kinds, transactions, rows, conflicts, seconds };
  }
}

/** Waits, or less when the signal comes. */
async function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(Math.max(1, seconds * 1000), undefined, { signal }).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}
