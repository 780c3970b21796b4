import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Client } from "pg";

import { UserError } from "../../model/errors";
import type { Manifest } from "../../model/manifest";
import type { LakePaths } from "../paths";
import type { Source } from "../source/connection";
import { domains } from "../source/inspect";
import { publicationName } from "../source/prepare";
import { highestEpoch, removeDrafts, tableFolder } from "./bronze";
import { ControlConnection } from "./control-connection";
import { isPassing, SourceChanged } from "./failures";
import { discardUnfinished, type LoadContext, loadEpoch, type LoadTable } from "./load-run";
import { formatLsn } from "./lsn";
import { ParquetWriter, type ValueNotice } from "./parquet";
import type { OnProgress } from "./progress";
import { becomeReplicator } from "./replicator-lock";
import { pendingRequests, type ReloadRequest, requestServed } from "./requests";
import { Session, slotGone } from "./session";
import { DEFAULT_SETTINGS, type ReplicationSettings } from "./settings";
import { createSlot, dropSlot, waitUntilFree } from "./slot";
import { ensurePrepared, findTables, identifySource } from "./source-check";
import {
  loadedTables,
  newState,
  readState,
  type ReplicationState,
  type SourceIdentity,
  writeState,
} from "./state";
import { lakeTables } from "./table-layout";
import { waitNoticed } from "./wait-noticed";

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
}

/**
 * Replicates a lake's source into bronze: full load where there is none, then the changes.
 *
 * Whatever interrupts it, running it again goes on without loss; changes that were written but not
 * acknowledged come again with the same sequence.
 *
 * @throws UserError for what the user must mend: source not prepared or not reachable, a slot that is
 * gone, a value that the lake cannot hold, another replicator at work
 */
export async function replicate(options: ReplicateOptions): Promise<ReplicationSummary> {
  const { replication } = options.paths;
  await mkdir(replication, { recursive: true });
  const release = await becomeReplicator(replication);
  const writer = await ParquetWriter.open(join(replication, "staging"));
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
  private connectedAt = 0;
  private loadedRows = 0;
  private changes = 0;
  private files = 0;

  constructor(
    private readonly options: ReplicateOptions,
    writer: ParquetWriter,
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
    return { loadedRows: this.loadedRows, changes: this.changes, files: this.files };
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
    const control = { schema: manifest.control.schema, table: manifest.control.truncations };
    for (const { schema, table } of [...lakeTables(manifest), control]) {
      for (let epoch = highestEpoch(paths.bronze); epoch > 0; epoch--) {
        await removeDrafts(tableFolder({ bronze: paths.bronze, epoch, schema, table }));
      }
    }
  }

  private async session(): Promise<void> {
    const { source, manifest, paths, mode } = this.options;
    const prepare = this.options.prepare ?? source.embedded;
    const { identity, tables, known } = await this.control.use(async (client) => {
      const identity = await identifySource(client, source);
      const loaded = loadedTables(readState(paths.replication));
      const prepared = await ensurePrepared(
        client,
        source,
        manifest,
        prepare,
        loaded,
        this.onProgress,
      );
      const replicated = new Map(lakeTables(manifest).map((table) => [table.name, table]));
      const tables = prepared.map((each): LoadTable => {
        const table = replicated.get(each.table.name);
        if (!table) throw new Error(`${each.table.name} is not a table of the lake`);
        return { ...each, replicated: table };
      });
      return { identity, tables, known: await domains(client) };
    });
    this.connectedAt = Date.now();
    const state = await this.ensureSlot(identity, tables);
    const before = { changes: this.changes, files: this.files };
    const session = new Session({
      manifest,
      paths,
      source,
      control: this.control,
      state,
      tables,
      domains: known,
      load: this.load,
      trash: this.trash,
      onWritten: (changes, files) => {
        this.connectedAt = Date.now();
        if (this.changes === before.changes + changes) return;
        this.changes = before.changes + changes;
        this.files = before.files + files;
        this.onProgress({ event: "written", changes: this.changes, files: this.files });
      },
    });
    await session.run(async () => {
      await session.load(session.unloaded());
      await session.complete();
      for (const request of this.satisfied.splice(0)) requestServed(paths.replication, request);
      await session.serveRequests();
      if (mode === "continuous") await session.keepServing(() => this.checkTables(tables));
    });
  }

  /** A state whose slot can be streamed from; loads everything where there is none. */
  private async ensureSlot(
    identity: SourceIdentity,
    tables: readonly LoadTable[],
  ): Promise<ReplicationState> {
    const { source, paths } = this.options;
    const state = readState(paths.replication);
    const isWished = pendingRequests(paths.replication).some(
      (request) => request.tables.length === 0,
    );
    const isSame =
      state?.source.system === identity.system && state.source.database === identity.database;
    if (state?.streaming) {
      if (isSame) {
        const slot = await this.control.use((client) => this.freeSlot(client, state.slot));
        const problem = !slot
          ? "does not exist any more"
          : slot.walStatus === "lost"
            ? "is lost (the server removed WAL that it needs; see max_slot_wal_keep_size)"
            : undefined;
        if (!problem) return state;
        if (!isWished) throw slotGone(state.slot, problem);
      } else if (!isWished) {
        throw new UserError(
          `${source.label} is another database than the one that was replicated; ` +
            "`./lake reload` loads every table anew from this one",
        );
      }
    }
    return this.loadAll(identity, tables, state, isSame);
  }

  private freeSlot(client: Client, slot: string): ReturnType<typeof waitUntilFree> {
    const reason = `for slot ${slot}, which the server still holds for a connection that is gone`;
    return waitUntilFree(client, slot, () => this.onProgress({ event: "waiting", reason }));
  }

  private async loadAll(
    identity: SourceIdentity,
    tables: readonly LoadTable[],
    earlier: ReplicationState | undefined,
    isSame: boolean,
  ): Promise<ReplicationState> {
    const { source, paths, manifest } = this.options;
    this.satisfied = pendingRequests(paths.replication);
    await this.control.use((client) => this.dropEarlierSlots(client, isSame ? earlier?.slot : ""));
    for (const { replicated, facts } of tables) {
      const known = earlier?.tables[replicated.name];
      if (known) await discardUnfinished(paths.bronze, known.epoch, facts, this.trash);
    }
    const epoch = highestEpoch(paths.bronze) + 1;
    const state = newState(manifest.lake, identity);
    for (const { replicated, facts } of tables) {
      const table = { epoch, oid: facts.oid, from: "0/0", rows: 0, status: "loading" } as const;
      state.tables[replicated.name] = table;
    }
    await writeState(paths.replication, state);
    const snapshot = await waitNoticed(createSlot(source, state.slot, false), this.onProgress);
    try {
      const rows = await loadEpoch(tables, epoch, snapshot, this.load);
      for (const [name, count] of rows) {
        const table = state.tables[name];
        if (!table) continue;
        Object.assign(table, { from: formatLsn(snapshot.from), rows: count, status: "loaded" });
      }
      state.streaming = true;
      await writeState(paths.replication, state);
      return state;
    } catch (error) {
      // A slot that nobody reads keeps the server from removing WAL.
      await this.control.use((client) => dropSlot(client, state.slot)).catch(() => undefined);
      throw error;
    } finally {
      await snapshot.release();
    }
  }

  /** The slot of a load that was not finished; in the embedded source all slots are this checkout's. */
  private async dropEarlierSlots(client: Client, slot: string | undefined): Promise<void> {
    const { source, manifest } = this.options;
    const pattern = `^${publicationName(manifest.lake)}_[0-9a-f]{8}$`;
    const { rows } = await client.query<{ slot_name: string }>(
      `SELECT slot_name FROM pg_replication_slots
       WHERE database = current_database() AND slot_name ~ $1 AND NOT temporary`,
      [pattern],
    );
    for (const { slot_name } of rows) {
      if (slot_name === slot || source.embedded) await dropSlot(client, slot_name);
      else {
        this.onProgress({
          event: "notice",
          text:
            `slot ${slot_name} was made by another checkout or an earlier state; if nobody uses it, ` +
            `SELECT pg_drop_replication_slot('${slot_name}') lets the server remove its WAL`,
        });
      }
    }
  }

  /** A table that was dropped, or made anew, does not say so in the stream. */
  private async checkTables(tables: readonly LoadTable[]): Promise<void> {
    const { manifest } = this.options;
    const { found } = await this.control.use((client) => findTables(client, manifest));
    const oids = new Map(found.map(({ table, facts }) => [table.name, facts.oid]));
    const known = new Map(tables.map(({ replicated, facts }) => [replicated.name, facts.oid]));
    for (const name of new Set([...oids.keys(), ...known.keys()])) {
      if (oids.get(name) === known.get(name)) continue;
      throw new SourceChanged(`table ${name} was dropped, made, or made anew in the source`);
    }
  }

  private tellNotices(table: string, notices: readonly ValueNotice[]): void {
    for (const { column, rows, meaning } of notices) {
      const text = `${table}.${column}: ${rows} value${rows === 1 ? "" : "s"} ${meaning}`;
      this.onProgress({ event: "notice", text });
    }
  }
}
