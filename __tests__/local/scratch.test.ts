import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loadLake } from "../../lakes/load";
import { lakeHome } from "../../local/paths";
import { verifyLake } from "../../local/pipeline/verify";
import { thisProcess } from "../../local/process/identity";
import { makeScratch } from "../../local/process/scratch";
import { parseSource } from "../../local/source/connection";
import type { SparkApplication } from "../../local/spark";

let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "lakewright-scratch-"));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** What a process leaves that cannot clean up. */
function leave(name: string, owner: unknown): void {
  mkdirSync(join(parent, name));
  writeFileSync(join(parent, name, "rows.parquet"), "rows");
  writeFileSync(join(parent, name, "owner.json"), JSON.stringify(owner));
}

test("a scratch folder goes with its use", async () => {
  {
    using scratch = await makeScratch(parent, "verify");
    expect(existsSync(scratch.folder)).toBe(true);
  }
  expect(readdirSync(parent)).toEqual(["run"]);
});

test("what killed processes left is removed, what others use and other folders stay", async () => {
  leave("verify-dead", { ...thisProcess(), identity: "of a process before this one" });
  leave("verify-live", thisProcess());
  mkdirSync(join(parent, "verify-unowned"));
  mkdirSync(join(parent, "silver"));
  using scratch = await makeScratch(parent, "verify");
  expect(readdirSync(parent).map((name) => join(parent, name))).toEqual(
    [...["run", "silver", "verify-live"].map((name) => join(parent, name)), scratch.folder].sort(),
  );
});

test("a verification removes the copy of the source that a killed one left, and its own", async () => {
  const before = process.env.LAKEWRIGHT_HOME;
  process.env.LAKEWRIGHT_HOME = parent;
  const { root } = lakeHome("saas");
  mkdirSync(join(root, "verify-killed"), { recursive: true });
  const lake = loadLake("saas");
  const spark = {} as SparkApplication;
  const unreachable = parseSource("postgres://me@127.0.0.1:1/shop?sslmode=disable");
  const { signal } = new AbortController();
  await expect(verifyLake({ lake, spark }, unreachable, { signal })).rejects.toThrow(
    "ECONNREFUSED",
  );
  expect(readdirSync(root)).toEqual(["run"]);
  if (before === undefined) delete process.env.LAKEWRIGHT_HOME;
  else process.env.LAKEWRIGHT_HOME = before;
});
