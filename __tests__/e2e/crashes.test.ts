/**
 * Kills (-9) of the replicator and of Spark at random moments while an application changes the
 * source: afterwards the lake equals it. `LAKEWRIGHT_KILLS` sets how many, `LAKEWRIGHT_KILLS_SEED`
 * repeats a run.
 */
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Random } from "../../lakes/sample-random";
import { lakeCli, MINUTES } from "./lake-cli";

const KILLS = Number(process.env.LAKEWRIGHT_KILLS ?? 4);
const SEED = Number(process.env.LAKEWRIGHT_KILLS_SEED ?? Date.now() % 1_000_000);
/** A kill comes so long after the watch began at the most (ms). */
const WITHIN = 40_000;

const cli = lakeCli("saas");
const { home, start, lake } = cli;

interface Writer {
  readonly owner: { readonly pid: number };
  readonly children: readonly { readonly pid: number }[];
}

/** Processes that write the lake: the watch with its replicator, and Spark's once they are up. */
function writers(watch: ChildProcess): number[] {
  try {
    const file = join(home, "lakes", "saas", "run", "writer.json");
    const { owner, children } = JSON.parse(readFileSync(file, "utf8")) as Writer;
    // What the last watch left, until this one has begun.
    if (owner.pid !== watch.pid) return [watch.pid as number];
    return [owner.pid, ...children.map(({ pid }) => pid)];
  } catch {
    return [watch.pid as number];
  }
}

beforeAll(async () => {
  await lake(["up", "postgres"]);
  await lake(["seed", "--scale", "small"]);
}, 10 * MINUTES);

test(
  `after ${KILLS} kills of replicator and Spark the lake equals the source (seed ${SEED})`,
  async () => {
    const random = new Random(SEED);
    const workload = start("workload", "--rate", "20", "--for", "7200", "--seed", String(SEED));
    for (let kill = 0; kill < KILLS; kill++) {
      const watch = start("watch");
      await Promise.race([sleep(random.int(2_000, WITHIN)), watch.ended]);
      const victims = writers(watch.child);
      process.kill(victims[random.int(0, victims.length - 1)] as number, "SIGKILL");
      expect((await watch.ended).exit).not.toBe("0");
    }
    workload.child.kill("SIGINT");
    expect((await workload.ended).stdout).toMatch(/rows changed in/);
    await lake(["run"]);
    await cli.expectEqualToSource();
  },
  (KILLS + 5) * 2 * MINUTES,
);
