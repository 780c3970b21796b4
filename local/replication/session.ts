import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "../../model/errors";
import type { Manifest } from "../../model/manifest";
import type { LakePaths } from "../paths";
import type { Source } from "../source/connection";
import { beat } from "../source/control";
import { highestEpoch } from "./bronze";
import { ChangeStream } from "./change-stream";
import { ChangeWriter, type Route } from "./change-writer";
import type { ColumnSource } from "./columns";
import type { ControlConnection } from "./control-connection";
import {
  discardUnfinished,
  type LoadContext,
  loadEpoch,
  type LoadTable,
  markComplete,
} from "./load-run";
import { formatLsn, parseLsn } from "./lsn";
import { pendingRequests, requestServed } from "./requests";
import { createSlot } from "./slot";
import { type ReplicationState, type TableState, writeState } from "./state";
import { waitNoticed } from "./wait-noticed";

export interface SessionOptions {
  readonly manifest: Manifest;
  readonly paths: Pick<LakePaths, "bronze" | "replication">;
  readonly source: Source;
  readonly control: ControlConnection;
  readonly state: ReplicationState;
  readonly tables: readonly LoadTable[];
  readonly domains: ReadonlyMap<number, Omit<ColumnSource, "name">>;
  readonly load: LoadContext;
  readonly trash: string;
  /** Changes and files written so far. */
  readonly onWritten: (changes: number, files: number) => void;
}

const REQUEST_POLL_MS = 250;

/** One connection's worth of streaming: from the slot's position until it breaks or is stopped. */
export class Session {
  private readonly writer: ChangeWriter;
  private readonly holding = new Set<string>();
  private readonly routes = new Map<string, Route>();
  private readonly barriers: { readonly moment: string; readonly resolve: () => void }[] = [];
  private stream: ChangeStream | undefined;
  private seenBeat = "";
  private flushing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private fail: (error: unknown) => void = () => undefined;
  private readonly failed: Promise<never>;
  /** Aborted when the session ends, however it does. */
  private readonly ending = new AbortController();
  private readonly signal: AbortSignal;

  constructor(private readonly options: SessionOptions) {
    const { load, state } = options;
    this.signal = AbortSignal.any([load.signal, this.ending.signal]);
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => undefined);
    this.writer = new ChangeWriter({
      manifest: options.manifest,
      bronze: options.paths.bronze,
      writer: load.writer,
      settings: load.settings,
      domains: options.domains,
      routeOf: (table) => (this.holding.has(table) ? "held" : this.routes.get(table)),
      controlEpoch: () => controlEpoch(state),
      onBeat: (moment) => (this.seenBeat = moment),
      onNotices: load.onNotices,
      onFile: (table) => load.onProgress({ event: "file", table }),
    });
    for (const [name, table] of Object.entries(state.tables)) this.setRoute(name, table);
  }

  /**
   * Streams until `work` is done, the signal comes, or something breaks.
   * @param work what to do meanwhile; the session ends with it
   */
  async run(work: (session: Session) => Promise<void>): Promise<void> {
    const { source, state, load } = this.options;
    for (const name of this.unloaded()) this.holding.add(name);
    const stopped = aborted(this.signal);
    const stream = await ChangeStream.open(source, state.slot, state.publication, {
      onMessage: (message) => {
        this.writer.onMessage(message);
        this.schedule();
      },
      onKeepalive: (position) => {
        this.writer.onKeepalive(position);
        if (!this.writer.hasChanges) this.flush().catch(this.fail);
      },
    });
    this.stream = stream;
    load.onProgress({ event: "streaming" });
    const working = work(this);
    working.catch(() => undefined);
    try {
      await Promise.race([stream.ended, this.failed, working, stopped]);
      await this.flush();
    } finally {
      this.ending.abort();
      await stream.stop();
      await this.flushing?.catch(() => undefined);
      clearTimeout(this.timer);
      await working.catch(() => undefined);
    }
  }

  /** Tables that have no load, or one that was not finished, or one of an earlier table of that name. */
  unloaded(): string[] {
    const { state, tables } = this.options;
    return tables
      .filter(({ replicated, facts }) => {
        const known = state.tables[replicated.name];
        return !known || known.status === "loading" || known.oid !== facts.oid;
      })
      .map(({ replicated }) => replicated.name);
  }

  /** Resolves when all that is committed in the source by now is in files. */
  async barrier(): Promise<void> {
    const { control, manifest } = this.options;
    const moment = await control.use((client) => beat(client, manifest));
    const reached = new Promise<void>((resolve) => this.barriers.push({ moment, resolve }));
    await Promise.race([reached, aborted(this.signal)]);
    this.signal.throwIfAborted();
  }

  /** Loads tables into a new epoch while changes go on, and marks them complete. */
  async load(names: readonly string[]): Promise<void> {
    const { source, state, tables, load, paths, trash } = this.options;
    const chosen = tables.filter(({ replicated }) => names.includes(replicated.name));
    if (chosen.length === 0) return;
    for (const { replicated } of chosen) this.holding.add(replicated.name);
    await this.flush();
    for (const { replicated, facts } of chosen) {
      const known = state.tables[replicated.name];
      if (known) await discardUnfinished(paths.bronze, known.epoch, facts, trash);
    }
    const epoch = highestEpoch(paths.bronze) + 1;
    const begun = (from: string): void => {
      for (const { replicated, facts } of chosen) {
        const table: TableState = { epoch, oid: facts.oid, from, rows: 0, status: "loading" };
        state.tables[replicated.name] = table;
      }
    };
    begun("0/0");
    await this.saveState();
    const name = `${state.publication}_load_${randomBytes(4).toString("hex")}`;
    const snapshot = await waitNoticed(createSlot(source, name, true), load.onProgress);
    try {
      begun(formatLsn(snapshot.from));
      await this.saveState();
      for (const { replicated } of chosen) {
        this.setRoute(replicated.name, state.tables[replicated.name] as TableState);
        this.writer.release(replicated.name, epoch, snapshot.from);
        this.holding.delete(replicated.name);
      }
      this.schedule();
      const rows = await loadEpoch(chosen, epoch, snapshot, { ...load, signal: this.signal });
      for (const [table, count] of rows) {
        Object.assign(state.tables[table] as TableState, { rows: count, status: "loaded" });
      }
      await this.saveState();
    } finally {
      await snapshot.release();
    }
  }

  /** Marks the tables whose load is there as complete, once the changes made meanwhile are. */
  async complete(): Promise<void> {
    const { state, tables, paths } = this.options;
    const loaded = tables.filter(
      ({ replicated }) => state.tables[replicated.name]?.status === "loaded",
    );
    await this.barrier();
    if (loaded.length === 0) return;
    for (const { replicated } of loaded) {
      const table = state.tables[replicated.name] as TableState;
      await markComplete(paths.bronze, table.epoch, replicated, table.rows);
      table.status = "complete";
    }
    await this.saveState();
    const names = loaded.map(({ replicated }) => replicated.name);
    this.options.load.onProgress({ event: "complete", tables: names });
  }

  /** Serves the reloads that were asked for, oldest first. */
  async serveRequests(): Promise<void> {
    const { tables, paths, load } = this.options;
    for (const request of pendingRequests(paths.replication)) {
      const all = tables.map(({ replicated }) => replicated.name);
      const wanted = request.tables.length > 0 ? request.tables : all;
      const unknown = wanted.filter((name) => !all.includes(name));
      for (const name of unknown) {
        load.onProgress({ event: "notice", text: `reload: the source has no table for ${name}` });
      }
      await this.load(wanted);
      await this.complete();
      requestServed(paths.replication, request);
    }
  }

  /** Serves requests and runs `check` now and then, until the session ends. */
  async keepServing(check: () => Promise<void>): Promise<void> {
    const { load } = this.options;
    let next = Date.now() + load.settings.heartbeatMs;
    while (!this.signal.aborted) {
      await sleep(REQUEST_POLL_MS, undefined, { signal: this.signal });
      await this.serveRequests();
      if (Date.now() < next) continue;
      next = Date.now() + load.settings.heartbeatMs;
      await check();
      const { control, manifest } = this.options;
      await control.use((client) => beat(client, manifest));
    }
  }

  private setRoute(name: string, { epoch, from }: TableState): void {
    this.routes.set(name, { epoch, from: parseLsn(from) });
  }

  private saveState(): Promise<void> {
    return writeState(this.options.paths.replication, this.options.state);
  }

  private schedule(): void {
    if (this.writer.isFull) this.stream?.pause();
    if (this.flushing || this.ending.signal.aborted) return;
    if (this.writer.hasFullFile || this.writer.isFull) this.flush().catch(this.fail);
    else if (this.writer.hasChanges && !this.timer) {
      const { batchMs } = this.options.load.settings;
      this.timer = setTimeout(() => this.flush().catch(this.fail), batchMs);
    }
  }

  /** Writes what is buffered and acknowledges it; one at a time. */
  private flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const previous = this.flushing ?? Promise.resolve();
    const next = previous.then(() => this.flushOnce());
    const current = next.finally(() => {
      if (this.flushing === current) this.flushing = undefined;
      this.schedule();
    });
    this.flushing = current;
    return current;
  }

  private async flushOnce(): Promise<void> {
    const beaten = this.seenBeat;
    const position = await this.writer.flush();
    this.stream?.acknowledge(position);
    if (!this.writer.isFull) this.stream?.resume();
    this.options.onWritten(this.writer.changes, this.writer.files);
    for (const barrier of [...this.barriers]) {
      if (barrier.moment > beaten) continue;
      this.barriers.splice(this.barriers.indexOf(barrier), 1);
      barrier.resolve();
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Heartbeats go where the newest complete load is. */
function controlEpoch(state: ReplicationState): number {
  const epochs = Object.values(state.tables).flatMap((table) =>
    table.status === "loading" ? [] : [table.epoch],
  );
  return Math.max(1, ...epochs);
}

/** What to say when the slot's changes can no longer be had. */
export function slotGone(slot: string, reason: string): UserError {
  return new UserError(
    `replication slot ${slot} ${reason}: changes since the last files can no longer be read. ` +
      "Nothing written is lost; `./lake reload` loads every table anew",
  );
}
