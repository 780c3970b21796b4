import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { lakeHome, paths } from "../../local/paths";
import { becomeReplicator } from "../../local/replication/replicator-lock";
import { newState, writeState } from "../../local/replication/state";
import { resetState, resetToolchain, slotsElsewhere } from "../../local/reset";
import { WriterLock } from "../../local/spark/writer-lock";
import { ensureJars, ensureJava, ensurePython, ensureTestPython } from "../../local/toolchain";
import { ownParts } from "../../local/toolchain/own-parts";
import { ensureTrino } from "../../local/toolchain/trino";

jest.setTimeout(600_000);

let folder: string;
const before = { ...process.env };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lakewright-reset-"));
  process.env.LAKEWRIGHT_HOME = folder;
});
afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true, force: true });
});

function put(...names: string[]): void {
  mkdirSync(join(folder, ...names.slice(0, -1)), { recursive: true });
  writeFileSync(join(folder, ...names), "content");
}

describe("the state", () => {
  it("goes without what others keep in its folder", async () => {
    put("lakes", "saas", "silver", "rows.parquet");
    put("logs", "spark.log");
    put("photos", "holiday.jpg");
    put("letter.txt");
    await resetState();
    expect(readdirSync(folder)).toEqual(["letter.txt", "photos"]);
    expect(readdirSync(join(folder, "photos"))).toEqual(["holiday.jpg"]);
  });

  it("goes with its folder where nothing else is there", async () => {
    put("lakes", "saas", "silver", "rows.parquet");
    await resetState();
    expect(existsSync(folder)).toBe(false);
  });

  it("stays while a lake is written, whatever services that needs", async () => {
    const { root } = lakeHome("saas");
    const writer = await WriterLock.acquire(root, "lake gold");
    const refused = `Nothing was deleted: lake gold (process ${process.pid}) still runs. End it first.`;
    await expect(resetState()).rejects.toThrow(refused);
    expect(existsSync(root)).toBe(true);
    writer.release();
    await resetState();
    expect(existsSync(root)).toBe(false);
  });

  it("stays while a lake is replicated", async () => {
    const { replication } = lakeHome("saas");
    mkdirSync(replication, { recursive: true });
    const release = await becomeReplicator(replication);
    await expect(resetState()).rejects.toThrow(`(process ${process.pid}) still runs`);
    expect(existsSync(replication)).toBe(true);
    release();
    await resetState();
  });

  it("goes with the statement that drops a slot whose server is not reached", async () => {
    const label = "postgres://me@127.0.0.1:1/shop?sslmode=disable";
    const { replication } = lakeHome("saas");
    mkdirSync(replication, { recursive: true });
    const state = newState("saas", { system: "7", database: "shop", label });
    await writeState(replication, state);
    expect(slotsElsewhere()).toEqual([{ name: state.slot, label, system: "7", database: "shop" }]);
    const lines: string[] = [];
    await resetState((line) => lines.push(line));
    expect(lines).toEqual([expect.stringContaining(`is still on ${label} (cannot connect to`)]);
    expect(lines[0]).toContain(`Run there: SELECT pg_drop_replication_slot('${state.slot}');`);
    expect(existsSync(folder)).toBe(false);
  });
});

describe("the toolchain", () => {
  it("goes without what others keep in its folder", () => {
    process.env.LAKEWRIGHT_CACHE = folder;
    put("python-0123456789ab", "bin", "python");
    put(".jars-0123456789ab.89abcdef", "half");
    put("java17", "release");
    put("trino-476", "lib", "trino.jar");
    put("truststore-0123456789ab.jks");
    mkdirSync(join(folder, "locks", "java17.lock"), { recursive: true });
    put("java-course", "notes.txt");
    put("python", "my.py");
    resetToolchain();
    expect(readdirSync(folder)).toEqual(["java-course", "python"]);
  });

  it("goes with its folder where nothing else is there", () => {
    process.env.LAKEWRIGHT_CACHE = folder;
    put("java17", "release");
    resetToolchain();
    expect(existsSync(folder)).toBe(false);
  });

  it("is every part that is installed", async () => {
    const { cache } = paths();
    const [jar] = await ensureJars();
    const installed = [
      (await ensurePython()).folder,
      (await ensureTestPython()).folder,
      join(jar as string, ".."),
      join(await ensureJava(17), "..", ".."),
      join(await ensureJava(25), "..", ".."),
      await ensureTrino(),
    ];
    expect(ownParts(cache).map((part) => basename(part))).toEqual(
      expect.arrayContaining(installed.map((part) => basename(part))),
    );
  });
});
