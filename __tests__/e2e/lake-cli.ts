import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { namedQueries } from "../../lakes/query-library";

const PROJECT = join(__dirname, "..", "..");
export const MINUTES = 60_000;

/** A command that runs. */
export interface StartedCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<{
    readonly stdout: string;
    readonly stderr: string;
    /** The exit code, or the signal that ended it. */
    readonly exit: string;
  }>;
}

/** The command line on a lake with a state folder of its own. */
export interface LakeCli {
  readonly home: string;
  start(...args: string[]): StartedCommand;
  /** Runs `lake` as a person would; gives what it printed. */
  lake(args: readonly string[], expectedExit?: number): Promise<string>;
  /** Rows of a query by Trino. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** Expects that silver and quarantine equal the source. */
  expectEqualToSource(): Promise<void>;
  /** Expects that every row that was read is accounted for in `ops.runs`. */
  expectEveryRowAccountedFor(): Promise<void>;
  /** Expects that every query of the library runs. */
  expectNamedQueriesToRun(): Promise<void>;
}

/**
 * Call it at the top of a test file: it registers what comes after the tests.
 * @param name of the lake
 */
export function lakeCli(name: string): LakeCli {
  const home = mkdtempSync(join(tmpdir(), "lakewright-e2e-"));
  const running = new Set<ChildProcess>();

  afterAll(async () => {
    for (const child of running) child.kill("SIGTERM");
    await lake(["down"]);
    rmSync(home, { recursive: true, force: true });
  }, 2 * MINUTES);

  function start(...args: string[]): StartedCommand {
    const env = { ...process.env, LAKEWRIGHT_HOME: home, LAKEWRIGHT_LAKE: name, NO_COLOR: "1" };
    const child = spawn(join(PROJECT, "lake"), args, { env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (text) => (stdout += text));
    child.stderr.on("data", (text) => (stderr += text));
    const ended = once(child, "close").then(([code, signal]) => {
      running.delete(child);
      return { stdout, stderr, exit: String(code ?? signal) };
    });
    return { child, ended };
  }

  async function lake(args: readonly string[], expectedExit = 0): Promise<string> {
    const { stdout, stderr, exit } = await start(...args).ended;
    if (exit === String(expectedExit)) return stdout;
    throw new Error(`lake ${args.join(" ")} ended with ${exit}:\n${stdout}\n${stderr}`);
  }

  async function rows(sql: string): Promise<Record<string, unknown>[]> {
    return JSON.parse(await lake(["query", sql, "--json"])) as Record<string, unknown>[];
  }

  return {
    home,
    start,
    lake,
    rows,
    expectEqualToSource: async () => {
      expect(await lake(["verify"])).not.toContain("DIFFERENT");
    },
    expectEveryRowAccountedFor: async () => {
      const wrong =
        "SELECT * FROM ops.runs WHERE layer = 'silver' AND read <> applied + superseded + ignored + quarantined";
      expect(await rows(wrong)).toEqual([]);
    },
    expectNamedQueriesToRun: async () => {
      const queries = namedQueries(name);
      expect(queries.length).toBeGreaterThanOrEqual(15);
      for (const query of queries) expect(Array.isArray(await rows(query.name))).toBe(true);
    },
  };
}
