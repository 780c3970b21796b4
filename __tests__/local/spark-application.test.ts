import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { loadLake } from "../../lakes/load";
import { processesWith } from "../../local/process/identity";
import { SparkApplication } from "../../local/spark";
import { UserError } from "../../model/errors";

const PROJECT = join(__dirname, "..", "..");

/** The real application: Python, Java, Spark. Its state is in a folder of the test's own. */
describe("SparkApplication", () => {
  let home: string;
  const before = process.env.LAKEWRIGHT_HOME;

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "spark-application-"));
    process.env.LAKEWRIGHT_HOME = home;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.LAKEWRIGHT_HOME;
    else process.env.LAKEWRIGHT_HOME = before;
    rmSync(home, { recursive: true, force: true });
  });

  it("answers steps, tells whose mistake an error is, and leaves nothing behind", async () => {
    const spark = await SparkApplication.start({ lake: loadLake("saas"), access: "read" });
    const sql = "SELECT id * 2 AS double FROM range(2) ORDER BY id";
    const [result, again] = await Promise.all([
      spark.step("query", { sql }),
      spark.step<{ rows: unknown[][] }>("query", { sql: "SELECT 1", limit: 5 }),
    ]);
    expect(result).toEqual({
      columns: [{ name: "double", type: "bigint" }],
      rows: [[0], [2]],
      truncated: false,
    });
    expect(again.rows).toEqual([[1]]);
    await expect(spark.step("query", { sql: "SELECT nosuch" })).rejects.toThrow(UserError);
    expect(() => spark.step("silver")).toThrow("the application was started for reading");
    await spark.stop();
    await expect(spark.step("query", { sql })).rejects.toThrow("the Spark application ended");
    expect(processesWith(home)).toEqual([]);
    expect(readFileSync(join(home, "logs", "spark.log"), "utf8")).not.toContain("Traceback");
  }, 120_000);

  it("ends at once when the signal comes, in the middle of a step", async () => {
    const spark = await SparkApplication.start({ lake: loadLake("saas"), access: "read" });
    const interruption = new AbortController();
    spark.stopOn(interruption.signal);
    const step = spark.step("query", {
      sql: "SELECT count(*) FROM range(1e12) a JOIN range(1e12) b",
    });
    await spark.ready();
    setTimeout(() => interruption.abort(), 1_000);
    await expect(step).rejects.toThrow("the Spark application ended");
    await spark.stop();
    expect(processesWith(home)).toEqual([]);
  }, 30_000);

  async function untilNoneRuns(): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (processesWith(home).length > 0 && Date.now() < deadline) await sleep(100);
    expect(processesWith(home)).toEqual([]);
  }

  /** Pids of Python and Java, of an application that writes. */
  function processes(): [number, number] {
    const writer = readFileSync(join(home, "lakes", "saas", "run", "writer.json"), "utf8");
    const { children } = JSON.parse(writer) as { children: { pid: number }[] };
    return children.map(({ pid }) => pid) as [number, number];
  }

  it("ends when Java is killed, with nothing to do", async () => {
    const spark = await SparkApplication.start({ lake: loadLake("saas"), access: "write" });
    await spark.ready();
    process.kill(processes()[1], "SIGKILL");
    await untilNoneRuns();
    await expect(spark.step("query", { sql: "SELECT 1" })).rejects.toThrow(
      "the Spark application ended (1)",
    );
  }, 60_000);

  it("ends when Python is killed, although Java does not end by itself", async () => {
    const spark = await SparkApplication.start({ lake: loadLake("saas"), access: "write" });
    await spark.ready();
    const [python, java] = processes();
    process.kill(java, "SIGSTOP");
    process.kill(python, "SIGKILL");
    await expect(spark.step("query", { sql: "SELECT 1" })).rejects.toThrow(
      "the Spark application ended (SIGKILL)",
    );
    expect(processesWith(home)).toEqual([]);
  }, 60_000);

  it("is killed where it has not begun, and tells steps that wait for it", async () => {
    const spark = await SparkApplication.start({ lake: loadLake("saas"), access: "write" });
    const step = spark.step("query", { sql: "SELECT 1" });
    step.catch(() => undefined);
    await spark.stop();
    await expect(step).rejects.toThrow("the Spark application ended (SIGKILL)");
    await expect(spark.ready()).rejects.toThrow("the Spark application ended");
    expect(processesWith(home)).toEqual([]);
    expect(existsSync(join(home, "lakes", "saas", "run", "writer.json"))).toBe(false);
  }, 30_000);

  it("ends with its parent when that is killed in the middle of a step", async () => {
    const script = `
      const { loadLake } = require("./lakes/load");
      const { SparkApplication } = require("./local/spark");
      SparkApplication.start({ lake: loadLake("saas"), access: "write" }).then(async (spark) => {
        await spark.ready();
        spark.step("query", { sql: "SELECT count(*) FROM range(1e12) a JOIN range(1e12) b" });
        console.log("busy");
      });`;
    const parent = spawn(process.execPath, ["--import", "tsx", "-e", script], {
      cwd: PROJECT,
      env: process.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => parent.stdout.once("data", resolve));
    await sleep(1_000);
    expect(processesWith(home).length).toBeGreaterThanOrEqual(2);
    parent.kill("SIGKILL");
    await untilNoneRuns();
    expect(existsSync(join(home, "lakes", "saas", "run", "writer.json"))).toBe(true);
    const next = await SparkApplication.start({ lake: loadLake("saas"), access: "write" });
    await next.ready();
    await next.stop();
  }, 180_000);
});
