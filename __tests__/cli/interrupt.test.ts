import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { thisProcess } from "../../local/process/identity";

const PROJECT = join(__dirname, "../..");
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "lakewright-interrupt-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("a command that is interrupted says so and nothing else", async () => {
  const replication = join(home, "lakes", "saas", "replication");
  mkdirSync(replication, { recursive: true });
  // This process stands for the replicator, which never serves the reload.
  writeFileSync(join(replication, "replicator.json"), JSON.stringify(thisProcess()));
  const child = spawn(join(PROJECT, "lake"), ["reload", "--source", "postgres://me@nowhere/shop"], {
    env: { ...process.env, LAKEWRIGHT_HOME: home },
  });
  let output = "";
  let errors = "";
  child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (text: Buffer) => {
      output += text.toString();
      if (output.includes("\n")) resolve();
    });
    child.once("close", () => reject(new Error(errors)));
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(output).toBe(`process ${process.pid} replicates the lake and reloads it\n`);
  expect(errors).toBe("lake: interrupted\n");
}, 30_000);
