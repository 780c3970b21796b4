import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "../../model/errors";
import { readJson, writeWhole } from "../process/files";
import { isAlive, type ProcessRef, processRef, thisProcess } from "../process/identity";
import { withLock } from "../process/lock";

interface Writer {
  readonly owner: ProcessRef;
  /** The command that holds the lock, without arguments. */
  readonly command: string;
  /** Since when, ISO 8601. */
  readonly since: string;
  /** Processes of the owner's that write tables; they may outlive it for a moment. */
  readonly children: readonly ProcessRef[];
}

const writerFile = (root: string) => join(root, "run", "writer.json");

/**
 * The command and processes that write the lake now, `undefined` when none does.
 * @param root the lake's folder
 */
export function lakeWriter(
  root: string,
): { readonly command: string; readonly pids: readonly number[] } | undefined {
  const writer = readJson<Writer>(writerFile(root));
  if (!writer) return undefined;
  const pids = [writer.owner, ...writer.children].filter(isAlive).map(({ pid }) => pid);
  return pids.length > 0 ? { command: writer.command, pids } : undefined;
}

/** Milliseconds that children of a writer which was killed get to see its end and follow. */
const CHILDREN_END_WITHIN = 20_000;

/**
 * The right to write a lake's tables: one Spark application has it at a time, for two writers on
 * one table would lose commits. A process that was killed holds nothing.
 */
export class WriterLock {
  private constructor(
    private readonly path: string,
    private readonly writer: Writer,
  ) {}

  /**
   * @param root the lake's folder
   * @throws UserError naming the process that writes the lake already
   */
  static async acquire(root: string, command: string): Promise<WriterLock> {
    const path = writerFile(root);
    return withLock(`${path}.claim`, async () => {
      const found = readJson<Writer>(path);
      if (found && isAlive(found.owner)) {
        throw new UserError(
          `process ${found.owner.pid} (${found.command}, since ${found.since}) writes this lake, ` +
            "and only one may: wait until it is done or end it",
        );
      }
      if (found) await ended(found.children);
      const owner = thisProcess();
      const writer: Writer = { owner, command, since: new Date().toISOString(), children: [] };
      writeWhole(path, JSON.stringify(writer));
      return new WriterLock(path, writer);
    });
  }

  /** Notes the processes that write on this one's behalf. */
  nameChildren(pids: readonly number[]): void {
    const children = pids.map(processRef);
    writeWhole(this.path, JSON.stringify({ ...this.writer, children } satisfies Writer));
  }

  release(): void {
    rmSync(this.path, { force: true });
  }
}

async function ended(children: readonly ProcessRef[]): Promise<void> {
  const deadline = Date.now() + CHILDREN_END_WITHIN;
  for (let left = children.filter(isAlive); left.length > 0; left = left.filter(isAlive)) {
    if (Date.now() > deadline) {
      const pids = left.map(({ pid }) => pid).join(" ");
      throw new UserError(
        `the last writer of this lake was killed, but its processes ${pids} still run: ` +
          `end them with "kill -9 ${pids}" and try again`,
      );
    }
    await sleep(200);
  }
}
