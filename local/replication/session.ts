import type { Manifest } from "../../model/manifest";
import type { LakePaths } from "../paths";
import type { Source } from "../source/connection";
import { beat } from "../source/control";
import { ChangeStream } from "./change-stream";
import { ChangeWriter } from "./change-writer";
import type { ControlConnection } from "./control-connection";
import type { LoadContext, LoadTable } from "./load-run";
import type { Lsn } from "./lsn";
import type { SourceCatalog } from "./source-catalog";
import type { TableStates } from "./table-states";

export interface SessionOptions {
  readonly manifest: Manifest;
  readonly paths: Pick<LakePaths, "bronze" | "replication">;
  readonly source: Source;
  readonly control: ControlConnection;
  readonly catalog: SourceCatalog;
  readonly states: TableStates;
  readonly load: LoadContext;
  /** Changes and files written so far. */
  readonly onWritten: (changes: number, files: number) => void;
}

/** One connection's worth of streaming: from the slot's position until it breaks or is stopped. */
export class Session {
  private readonly writer: ChangeWriter;
  private readonly barriers: { readonly moment: string; readonly resolve: () => void }[] = [];
  private stream: ChangeStream | undefined;
  private seenBeat = "";
  private flushing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private fail: (error: unknown) => void = () => undefined;
  private readonly failed: Promise<never>;
  /** Aborted when the session ends, however it does. */
  private readonly ending = new AbortController();
  /** Aborted when the session ends, or is to end. */
  readonly signal: AbortSignal;

  constructor(private readonly options: SessionOptions) {
    const { load, states, catalog } = options;
    this.signal = AbortSignal.any([load.signal, this.ending.signal]);
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => undefined);
    this.writer = new ChangeWriter({
      manifest: options.manifest,
      bronze: options.paths.bronze,
      writer: load.writer,
      settings: load.settings,
      domainOf: catalog.domainOf,
      routeOf: states.routeOf,
      controlEpoch: () => states.controlEpoch,
      onBeat: (moment) => (this.seenBeat = moment),
      onNotices: load.onNotices,
      onUnrepresentable: (table, { message }) => states.stop(table, message),
      onFile: (table) => load.onProgress({ event: "file", table }),
    });
  }

  /**
   * Streams until `work` is done, the signal comes, or something breaks.
   * @param work what to do meanwhile; the session ends with it
   */
  async run(work: () => Promise<void>): Promise<void> {
    const { source, states, catalog, load } = this.options;
    const { slot, publication } = states.state;
    states.hold(states.unloaded(catalog.tables));
    const stopped = aborted(this.signal);
    const stream = await ChangeStream.open(source, slot, publication, {
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
    const working = work();
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

  /** Resolves when all that is committed in the source by now is in files. */
  async barrier(): Promise<void> {
    const { control, manifest } = this.options;
    const moment = await control.use((client) => beat(client, manifest));
    const reached = new Promise<void>((resolve) => this.barriers.push({ moment, resolve }));
    await Promise.race([reached, aborted(this.signal)]);
    this.signal.throwIfAborted();
  }

  /** Gives the changes that were held of tables their place, now that their load's snapshot is there. */
  async position(tables: readonly LoadTable[], from: Lsn): Promise<void> {
    await this.options.states.position(tables, from, (table, epoch) =>
      this.writer.release(table, epoch, from),
    );
    this.schedule();
  }

  /** Writes what is buffered and acknowledges it; one at a time. */
  flush(): Promise<void> {
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

  private schedule(): void {
    if (this.writer.isFull) this.stream?.pause();
    if (this.flushing || this.ending.signal.aborted) return;
    if (this.writer.hasFullFile || this.writer.isFull) this.flush().catch(this.fail);
    else if (this.writer.hasChanges && !this.timer) {
      const { batchMs } = this.options.load.settings;
      this.timer = setTimeout(() => this.flush().catch(this.fail), batchMs);
    }
  }

  private async flushOnce(): Promise<void> {
    const beaten = this.seenBeat;
    const position = await this.writer.flush();
    // What is before the position does not come again, so what was left out must be known for good.
    await this.options.states.saveOmissions();
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
