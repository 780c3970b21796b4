import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { sampleDrops } from "../../lakes/autocorp/files";
import type { DroppedFile } from "../../lakes/sample-file-flaws";
import type { SampleDrop } from "../../lakes/sample-files";
import { nextFiles, writeGrowingDrop, writeWholeDrop } from "../../local/drops/write-drop";

const salesOrders = sampleDrops.find(({ name }) => name === "sales-orders") as SampleDrop;
const at = new Date("2026-11-22T01:30:05Z");
const never = new AbortController().signal;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lakewright-drop-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function drop(flaws: readonly [] | undefined, rows = 40): Promise<readonly string[]> {
  const files = nextFiles(salesOrders, folder, { rows, seed: 1, at, flaws });
  const paths: string[] = [];
  for (const file of files) paths.push((await writeWholeDrop(folder, file, never)).path);
  return paths;
}

test("each drop is the next file: its name goes on by a second, its orders are others", async () => {
  const [first] = await drop([]);
  const [second] = await drop([]);
  expect(readdirSync(folder).sort()).toEqual([
    "sales_orders-20261122-013005.csv",
    "sales_orders-20261122-013006.csv",
  ]);
  const read = (path: string | undefined) => readFileSync(path as string, "utf8").split("\n");
  expect(read(first)).toHaveLength(42);
  expect(read(second)[0]).toBe(read(first)[0]);
  expect(read(second)[1]).not.toBe(read(first)[1]);
});

test("files that a flaw puts beside one count as none of the next", async () => {
  for (let number = 0; number < 8; number++) await drop(undefined);
  const names = readdirSync(folder).filter((name) => /^sales_orders-\d{8}-\d{6}\.csv$/.test(name));
  expect(names).toHaveLength(8);
  expect(readdirSync(folder).sort()).toContain("sales_orders-20261122-013010-again.csv");
  expect(readdirSync(folder)).toContain("sales_orders-20261122-013011-empty.csv");
});

test("a file appears whole, or not at all", async () => {
  const seen: string[][] = [];
  const file = (text: () => Iterable<string>): DroppedFile => ({ name: "a.csv", flaws: [], text });
  function* watched() {
    yield "id\n";
    seen.push(readdirSync(folder));
    yield "1\n";
  }
  expect(await writeWholeDrop(folder, file(watched), never)).toEqual({
    path: join(folder, "a.csv"),
    bytes: 5,
    lines: 2,
    flaws: [],
  });
  expect(seen.flat().filter((name) => !name.startsWith("."))).toEqual([]);
  expect(readdirSync(folder)).toEqual(["a.csv"]);
  function* broken(): Iterable<string> {
    yield "id\n";
    throw new Error("no room");
  }
  const failing = { ...file(broken), name: "b.csv" };
  await expect(writeWholeDrop(folder, failing, never)).rejects.toThrow("no room");
  expect(readdirSync(folder)).toEqual(["a.csv"]);
});

test("a growing file has its name from the start; a signal leaves it half-written", async () => {
  const [file] = nextFiles(salesOrders, folder, { rows: 40, seed: 1, at, flaws: [] });
  const ended = new AbortController();
  const writing = writeGrowingDrop(folder, file as DroppedFile, 60, ended.signal);
  await sleep(500);
  ended.abort();
  await expect(writing).rejects.toThrow();
  const whole = [...(file as DroppedFile).text()].join("").length;
  const { size } = statSync(join(folder, (file as DroppedFile).name));
  expect(size).toBeLessThan(whole);
  const grown = await writeGrowingDrop(folder, file as DroppedFile, 1, never);
  expect([grown.bytes, statSync(grown.path).size]).toEqual([whole, whole]);
});
