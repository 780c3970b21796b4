import type { UserError } from "../../model/errors";
import type { Manifest } from "../../model/manifest";
import type { Route } from "./change-writer";
import type { LoadTable } from "./load-run";
import { formatLsn, type Lsn, parseLsn } from "./lsn";
import type { OnProgress } from "./progress";
import { type ReplicationState, type TableState, writeState } from "./state";

/** A table whose changes are no longer replicated, until a reload. */
export interface StoppedTable {
  /** The lake's name of the table. */
  readonly table: string;
  readonly reason: string;
}

/** How far each table is, as the state file keeps it, and where its changes go. */
export class TableStates {
  private readonly holding = new Set<string>();
  private readonly routes = new Map<string, Exclude<Route, "held">>();
  private unsaved = false;
  private saving: Promise<void> = Promise.resolve();

  /**
   * @param state what is changed and saved here
   * @param folder of the state file
   */
  constructor(
    readonly state: ReplicationState,
    manifest: Pick<Manifest, "tables">,
    private readonly folder: string,
    private readonly onProgress: OnProgress,
  ) {
    this.forgetOthers(manifest);
    for (const name of Object.keys(state.tables)) this.setRoute(name);
    for (const { table, reason } of stoppedTables(state)) {
      onProgress({ event: "stopped", table, reason });
    }
  }

  readonly routeOf = (table: string): Route =>
    this.holding.has(table) ? "held" : this.routes.get(table);

  get(table: string): TableState | undefined {
    return this.state.tables[table];
  }

  /** Heartbeats go where the newest complete load is. */
  get controlEpoch(): number {
    const epochs = Object.values(this.state.tables).flatMap((table) =>
      table.status === "loading" ? [] : [table.epoch],
    );
    return Math.max(1, ...epochs);
  }

  /** Tables that have no load, or one that was not finished, or one of an earlier table of that name. */
  unloaded(tables: readonly LoadTable[]): LoadTable[] {
    return tables.filter(({ replicated, facts }) => {
      const known = this.get(replicated.name);
      if (!known || known.oid !== facts.oid) return true;
      return known.status === "loading" && known.stopped === undefined;
    });
  }

  /** Tables whose load is there, but maybe not yet all the changes made meanwhile. */
  loaded(tables: readonly LoadTable[]): LoadTable[] {
    return tables.filter(({ replicated }) => {
      const known = this.get(replicated.name);
      return known?.status === "loaded" && known.stopped === undefined;
    });
  }

  /** Holds the tables' changes: their load is about to begin. */
  hold(tables: readonly LoadTable[]): void {
    for (const { replicated } of tables) this.holding.add(replicated.name);
  }

  /** A load of the tables into a new epoch begins. */
  async begin(tables: readonly LoadTable[], epoch: number): Promise<void> {
    for (const { replicated, facts } of tables) {
      const { oid } = facts;
      this.state.tables[replicated.name] = { epoch, oid, from: "0/0", rows: 0, status: "loading" };
    }
    await this.save();
  }

  /**
   * The load's snapshot is there: changes of transactions that commit at or after `from` are not in it.
   * @param release gives what was held of a table its place
   */
  async position(
    tables: readonly LoadTable[],
    from: Lsn,
    release: (table: string, epoch: number) => void,
  ): Promise<void> {
    for (const { replicated } of tables) this.update(replicated.name, { from: formatLsn(from) });
    await this.save();
    for (const { replicated } of tables) {
      this.setRoute(replicated.name);
      release(replicated.name, this.known(replicated.name).epoch);
      this.holding.delete(replicated.name);
    }
  }

  /**
   * A load is done: the slot's changes count from now on.
   * @param rows of each table that is loaded
   * @param refused tables that cannot be represented
   */
  async finish(
    rows: ReadonlyMap<string, number>,
    refused: ReadonlyMap<string, UserError>,
  ): Promise<void> {
    this.state.streaming = true;
    for (const [table, count] of rows) this.update(table, { rows: count, status: "loaded" });
    for (const [table, { message }] of refused) this.stop(table, message);
    await this.save();
  }

  /** The changes made during their load are there too. */
  async complete(tables: readonly LoadTable[]): Promise<void> {
    for (const { replicated } of tables) this.update(replicated.name, { status: "complete" });
    await this.save();
  }

  /** The table's changes go nowhere from here on, until it is reloaded. */
  stop(table: string, reason: string): void {
    const known = this.get(table);
    if (!known || known.stopped !== undefined) return;
    known.stopped = reason;
    this.routes.delete(table);
    this.unsaved = true;
    this.onProgress({ event: "stopped", table, reason });
  }

  /** Resolves when the state file says of every table whose changes are left out that they are. */
  saveOmissions(): Promise<void> {
    return this.unsaved ? this.save() : this.saving;
  }

  /** A table that leaves the lake misses changes from now on: should it come back, it is loaded anew. */
  private forgetOthers({ tables }: Pick<Manifest, "tables">): void {
    for (const name of Object.keys(this.state.tables)) {
      if (tables.some((table) => table.name === name)) continue;
      delete this.state.tables[name];
      this.unsaved = true;
    }
  }

  private save(): Promise<void> {
    const previous = this.saving.catch(() => undefined);
    this.saving = previous.then(async () => {
      this.unsaved = false;
      try {
        await writeState(this.folder, this.state);
      } catch (error) {
        this.unsaved = true;
        throw error;
      }
    });
    return this.saving;
  }

  private known(table: string): TableState {
    const known = this.get(table);
    if (!known) throw new Error(`${table} has no state`);
    return known;
  }

  private update(table: string, change: Partial<TableState>): void {
    Object.assign(this.known(table), change);
  }

  private setRoute(table: string): void {
    const { epoch, from, stopped } = this.known(table);
    if (stopped === undefined) this.routes.set(table, { epoch, from: parseLsn(from) });
  }
}

export function stoppedTables(state: ReplicationState): StoppedTable[] {
  return Object.entries(state.tables).flatMap(([table, { stopped }]) =>
    stopped === undefined ? [] : [{ table, reason: stopped }],
  );
}
