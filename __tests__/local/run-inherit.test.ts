import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { processIdentity } from "../../local/process/identity";
import { ProgramFailed, run } from "../../local/process/run";
import { until } from "./fixtures/processes";

const PROJECT = join(__dirname, "..", "..");
const runs = (pid: number) => processIdentity(pid) !== undefined;

test("a runner ends with the command that started it, and so does what the runner started", async () => {
  // As `./lake test` runs jest, which has workers.
  const runner = `
    const worker = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    console.log(process.pid, worker.pid);
    setInterval(() => {}, 1000);`;
  const command = `
    require("./cli/interrupt").handleSignals();
    require("./local/process/run").run(process.execPath, ["-e", ${JSON.stringify(runner)}], { inherit: true });`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", command], {
    cwd: PROJECT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once("line", resolve),
  );
  const pids = line.split(" ").map(Number);
  expect(pids.map(runs)).toEqual([true, true]);
  child.kill("SIGTERM");
  await until(() => child.exitCode !== null, 5);
  expect(child.exitCode).toBe(143);
  await until(() => !pids.some(runs), 5);
}, 30_000);

test("a runner's exit code is told", async () => {
  const failed = run(process.execPath, ["-e", "process.exit(3)"], { inherit: true });
  await expect(failed).rejects.toThrow(ProgramFailed);
  await expect(failed).rejects.toMatchObject({ exit: 3, output: "" });
  await run(process.execPath, ["-e", ""], { inherit: true });
});
