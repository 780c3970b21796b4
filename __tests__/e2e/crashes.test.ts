/**
 * Kills (-9) of the replicator and of Spark at random moments while an application changes the
 * source: afterwards the lake equals it. `LAKEWRIGHT_KILLS` sets how many, `LAKEWRIGHT_KILLS_SEED`
 * repeats a run.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Random } from "../../lakes/sample-random";

const PROJECT = join(__dirname, "..", "..");
const KILLS = Number(process.env.LAKEWRIGHT_KILLS ?? 4);
const SEED = Number(process.env.LAKEWRIGHT_KILLS_SEED ?? Date.now() % 1_000_000);
/** A kill comes so long after the watch began at the most (ms). */
const WITHIN = 40_000;
const MINUTES = 60_000;

let home: string;
const running = new Set<ChildProcess>();

interface Started {
  readonly child: ChildProcess;
  /** What it printed, once it ended; the exit code, or the signal that ended it. */
  readonly ended: Promise<{ readonly output: string; readonly exit: string }>;
}

function lake(...args: string[]): Started {
  const env = { ...process.env, LAKEWRIGHT_HOME: home, NO_COLOR: "1" };
  const child = spawn(join(PROJECT, "lake"), args, { env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const ended = once(child, "close").then(([code, signal]) => {
    running.delete(child);
    return { output, exit: String(code ?? signal) };
  });
  return { child, ended };
}

async function done(...args: string[]): Promise<string> {
  const { output, exit } = await lake(...args).ended;
  if (exit !== "0") throw new Error(`lake ${args.join(" ")} ended with ${exit}:\n${output}`);
  return output;
}

/** Processes that write the lake: the watch with its replicator, and Spark's once they are up. */
function writers(watch: ChildProcess): number[] {
  try {
    const file = join(home, "lakes", "saas", "run", "writer.json");
    const { children } = JSON.parse(readFileSync(file, "utf8")) as { children: { pid: number }[] };
    return [watch.pid as number, ...children.map(({ pid }) => pid)];
  } catch {
    return [watch.pid as number];
  }
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "lakewright-crashes-"));
  await done("up", "postgres");
  await done("seed", "--scale", "small");
}, 10 * MINUTES);

afterAll(async () => {
  for (const child of running) child.kill("SIGTERM");
  await done("down");
  rmSync(home, { recursive: true, force: true });
}, 2 * MINUTES);

test(
  `after ${KILLS} kills of replicator and Spark the lake equals the source (seed ${SEED})`,
  async () => {
    const random = new Random(SEED);
    const workload = lake("workload", "--rate", "20", "--for", "7200", "--seed", String(SEED));
    for (let kill = 0; kill < KILLS; kill++) {
      const watch = lake("watch");
      await Promise.race([sleep(random.int(2_000, WITHIN)), watch.ended]);
      const victims = writers(watch.child);
      process.kill(victims[random.int(0, victims.length - 1)] as number, "SIGKILL");
      expect((await watch.ended).exit).not.toBe("0");
    }
    workload.child.kill("SIGINT");
    expect((await workload.ended).output).toMatch(/rows changed in/);
    await done("run");
    expect(await done("verify")).not.toContain("DIFFERENT");
  },
  (KILLS + 5) * 2 * MINUTES,
);
