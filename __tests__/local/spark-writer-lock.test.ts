import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isAlive, processRef } from "../../local/process/identity";
import { WriterLock } from "../../local/spark/writer-lock";
import { UserError } from "../../model/errors";

describe("WriterLock", () => {
  let root: string;
  const file = () => join(root, "run", "writer.json");

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "writer-lock-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("names who writes the lake to whoever comes second, and lets them in after release", async () => {
    const first = await WriterLock.acquire(root, "lake watch");
    const second = WriterLock.acquire(root, "lake run");
    await expect(second).rejects.toThrow(UserError);
    await expect(second).rejects.toThrow(`process ${process.pid} (lake watch, since `);
    first.release();
    const third = await WriterLock.acquire(root, "lake run");
    expect(JSON.parse(readFileSync(file(), "utf8"))).toMatchObject({ command: "lake run" });
    third.release();
  });

  it("takes over from a process that was killed", async () => {
    const lock = await WriterLock.acquire(root, "lake watch");
    const left = JSON.parse(readFileSync(file(), "utf8")) as { owner: { identity: string } };
    left.owner.identity = "of a process before this one";
    writeFileSync(file(), JSON.stringify(left));
    const next = await WriterLock.acquire(root, "lake run");
    next.release();
    lock.release();
  });

  it("waits for the children of a killed writer to end", async () => {
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 1500)"]);
    const running = processRef(child.pid!);
    const lock = await WriterLock.acquire(root, "lake watch");
    lock.nameChildren([child.pid!]);
    const left = JSON.parse(readFileSync(file(), "utf8")) as { owner: { identity: string } };
    left.owner.identity = "of a process before this one";
    writeFileSync(file(), JSON.stringify(left));
    await WriterLock.acquire(root, "lake run");
    expect(isAlive(running)).toBe(false);
  });
});
