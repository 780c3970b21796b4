import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Manifest } from "../../model/manifest";
import type { LakePaths } from "../paths";
import type { Source } from "../source/connection";
import { highestEpoch, removeDrafts, tableFolder } from "./bronze";
import { BronzeWriter, type ValueNotice } from "./bronze-writer";
import { ControlConnection } from "./control-connection";
import { isPassing } from "./failures";
import type { LoadContext } from "./load-run";
import type { OnProgress } from "./progress";
import { becomeReplicator } from "./replicator-lock";
import { type ReloadRequest, requestServed } from "./requests";
import { Session } from "./session";
import { DEFAULT_SETTINGS, type ReplicationSettings } from "./settings";
import { SourceCatalog } from "./source-catalog";
import { StartingPoint } from "./starting-point";
import { controlTables, lakeTables } from "./table-layout";
import { TableLoads } from "./table-loads";
import { type StoppedTable, stoppedTables, type TableStates } from "./table-states";

export interface ReplicateOptions {
  readonly manifest: Manifest;
  readonly paths: Pick<LakePaths, "bronze" | "replication">;
  readonly source: Source;
  /** `once`: until all that is committed when it begins is in bronze; `continuous`: until the signal. */
  readonly mode: "once" | "continuous";
  /** Whether the preparing SQL may be run. @default only on the embedded source */
  readonly prepare?: boolean;
  /** Ends the replication; what is buffered is written first. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly settings?: Partial<ReplicationSettings>;
}

export interface ReplicationSummary {
  /** Rows of full loads. */
  readonly loadedRows: number;
  readonly changes: number;
  readonly files: number;
  /** Tables whose changes are not replicated, until a reload. */
  readonly stopped: readonly StoppedTable[];
}

/**
 * Replicates a lake's source into bronze: full load where there is none, then the changes.
 *
 * Whatever interrupts it, running it again goes on without loss; changes that were written but not
 * acknowledged come again with the same sequence. A table with a change that the lake cannot
 * represent is stopped there, and said so, until a reload; the others go on.
 *
 * @throws UserError for what the user must mend: source not prepared or not reachable, a slot that is
 * gone, another replicator at work
 */
export async function replicate(options: ReplicateOptions): Promise<ReplicationSummary> {
  const { replication } = options.paths;
  await mkdir(replication, { recursive: true });
  const release = await becomeReplicator(replication);
  const writer = await BronzeWriter.open(
    join(replication, "staging"),
    options.manifest.bronze_format,
  );
  const control = new ControlConnection(options.source);
  try {
    return await new Replicator(options, writer, control).run();
  } finally {
    await control.close();
    writer.close();
    release();
  }
}

/** How long a replication of mode `once` tries to reach a source that has gone away. */
const ONCE_PATIENCE_MS = 60_000;
const LONGEST_BACKOFF_MS = 5_000;

class Replicator {
  private readonly settings: ReplicationSettings;
  private readonly onProgress: OnProgress;
  private readonly signal: AbortSignal;
  private readonly load: LoadContext;
  private readonly trash: string;
  /** Reloads that were asked for before a load of everything began. */
  private satisfied: ReloadRequest[] = [];
  private states: TableStates | undefined;
  private connectedAt = 0;
  private loadedRows = 0;
  private changes = 0;
  private files = 0;

  constructor(
    private readonly options: ReplicateOptions,
    writer: BronzeWriter,
    private readonly control: ControlConnection,
  ) {
    const { source, paths, signal } = options;
    this.settings = { ...DEFAULT_SETTINGS, ...options.settings };
    this.signal = signal ?? new AbortController().signal;
    this.trash = join(paths.replication, "trash");
    this.onProgress = (event) => {
      if (event.event === "loaded") this.loadedRows += event.rows;
      options.onProgress?.(event);
    };
    this.load = {
      source,
      bronze: paths.bronze,
      writer,
      settings: this.settings,
      signal: this.signal,
      onProgress: this.onProgress,
      onNotices: (table, notices) => this.tellNotices(table, notices),
    };
  }

  async run(): Promise<ReplicationSummary> {
    await this.tidy();
    for (let attempt = 0; !this.signal.aborted; attempt++) {
      const started = Date.now();
      try {
        await this.session();
        break;
      } catch (error) {
        if (this.signal.aborted) break;
        if (this.connectedAt > started) attempt = 0;
        if (!isPassing(error) || this.connectedAt === 0 || this.isTooLate()) throw error;
        const inMs = Math.min(LONGEST_BACKOFF_MS, 200 * 2 ** attempt);
        const reason = (error as Error).message;
        this.onProgress({ event: "reconnecting", reason, inMs });
        await sleep(inMs, undefined, { signal: this.signal }).catch(() => undefined);
      }
    }
    const { loadedRows, changes, files, states } = this;
    return { loadedRows, changes, files, stopped: states ? stoppedTables(states.state) : [] };
  }

  private isTooLate(): boolean {
    return this.options.mode === "once" && Date.now() - this.connectedAt > ONCE_PATIENCE_MS;
  }

  /** Drafts and discarded files of a process that was killed. */
  private async tidy(): Promise<void> {
    const { paths, manifest } = this.options;
    await rm(this.trash, { recursive: true, force: true });
    await mkdir(this.trash, { recursive: true });
    await mkdir(paths.bronze, { recursive: true });
    const tables = [...lakeTables(manifest), ...Object.values(controlTables(manifest))];
    for (const { schema, table } of tables) {
      for (let epoch = highestEpoch(paths.bronze); epoch > 0; epoch--) {
        await removeDrafts(tableFolder({ bronze: paths.bronze, epoch, schema, table }));
      }
    }
  }

  private async session(): Promise<void> {
    const { source, manifest, paths, mode } = this.options;
    const { control, load, trash, onProgress } = this;
    const prepare = this.options.prepare ?? source.embedded;
    const catalog = await SourceCatalog.open({
      source,
      manifest,
      folder: paths.replication,
      control,
      prepare,
      onProgress,
    });
    this.connectedAt = Date.now();
    const common = { manifest, paths, source, control, catalog, load, trash };
    const start = await new StartingPoint({ ...common, onProgress }).find();
    this.satisfied.push(...start.satisfied);
    const states = (this.states = start.states);
    const session = new Session({ ...common, states, onWritten: this.counting() });
    const loads = new TableLoads({ ...common, states, session });
    await session.run(async () => {
      await loads.loadMissing();
      for (const request of this.satisfied.splice(0)) requestServed(paths.replication, request);
      await loads.serveRequests();
      if (mode === "continuous") await loads.keepServing();
    });
  }

  /** Adds what a session has written to what the ones before it have. */
  private counting(): (changes: number, files: number) => void {
    const before = { changes: this.changes, files: this.files };
    return (changes, files) => {
      this.connectedAt = Date.now();
      if (this.changes === before.changes + changes) return;
      this.changes = before.changes + changes;
      this.files = before.files + files;
      this.onProgress({ event: "written", changes: this.changes, files: this.files });
    };
  }

  private tellNotices(table: string, notices: readonly ValueNotice[]): void {
    for (const { column, rows, meaning } of notices) {
      const text = `${table}.${column}: ${rows} value${rows === 1 ? "" : "s"} ${meaning}`;
      this.onProgress({ event: "notice", text });
    }
  }
}
