import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { Manifest } from "../../model/manifest";
import type { LakePaths } from "../paths";
import { beat } from "../source/control";
import { highestEpoch } from "./bronze";
import type { ControlConnection } from "./control-connection";
import { discardUnfinished, type LoadContext, loadEpoch, markComplete } from "./load-run";
import { pendingRequests, requestServed } from "./requests";
import type { Session } from "./session";
import { createSlot } from "./slot";
import type { SourceCatalog } from "./source-catalog";
import { keyProblem } from "./source-check";
import type { TableStates } from "./table-states";
import { waitNoticed } from "./wait-noticed";

export interface TableLoadsOptions {
  readonly manifest: Manifest;
  readonly paths: Pick<LakePaths, "bronze" | "replication">;
  readonly control: ControlConnection;
  readonly catalog: SourceCatalog;
  readonly states: TableStates;
  readonly session: Session;
  readonly load: LoadContext;
  readonly trash: string;
}

const REQUEST_POLL_MS = 250;

/** Loads tables anew while a session streams changes. */
export class TableLoads {
  constructor(private readonly options: TableLoadsOptions) {}

  /** Loads the tables that have no finished load. */
  async loadMissing(): Promise<void> {
    const { states, catalog } = this.options;
    await this.load(states.unloaded(catalog.tables).map(({ replicated }) => replicated.name));
    await this.complete();
  }

  /** Serves the reloads that were asked for, oldest first. */
  async serveRequests(): Promise<void> {
    const { catalog, paths, load } = this.options;
    for (const request of pendingRequests(paths.replication)) {
      const all = catalog.tables.map(({ replicated }) => replicated.name);
      const wanted = request.tables.length > 0 ? request.tables : all;
      for (const name of wanted.filter((each) => !all.includes(each))) {
        load.onProgress({ event: "notice", text: `reload: the source has no table for ${name}` });
      }
      await this.load(wanted);
      await this.complete();
      requestServed(paths.replication, request);
    }
  }

  /** Serves requests, and looks at the source now and then, until the session ends. */
  async keepServing(): Promise<void> {
    const { control, manifest, load, session } = this.options;
    let next = Date.now() + load.settings.heartbeatMs;
    while (!session.signal.aborted) {
      await sleep(REQUEST_POLL_MS, undefined, { signal: session.signal });
      await this.serveRequests();
      if (Date.now() < next) continue;
      next = Date.now() + load.settings.heartbeatMs;
      await this.checkSource();
      await control.use((client) => beat(client, manifest));
    }
  }

  /** Loads tables into a new epoch. */
  private async load(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const { catalog, states, session, load, paths, trash } = this.options;
    const { source, onProgress } = load;
    await catalog.refresh();
    const chosen = () => catalog.tables.filter(({ replicated }) => names.includes(replicated.name));
    if (chosen().length === 0) return;
    states.hold(chosen());
    await session.flush();
    for (const { replicated, facts } of chosen()) {
      const known = states.get(replicated.name);
      if (known) await discardUnfinished(paths.bronze, known.epoch, facts, trash);
    }
    const epoch = highestEpoch(paths.bronze) + 1;
    await states.begin(chosen(), epoch);
    const name = `${states.state.publication}_load_${randomBytes(4).toString("hex")}`;
    const snapshot = await waitNoticed(createSlot(source, name, true), onProgress);
    try {
      // Waiting for the snapshot can take long.
      await catalog.refresh();
      await session.position(chosen(), snapshot.from);
      const context = { ...load, signal: session.signal };
      const { rows, refused } = await loadEpoch(chosen(), epoch, snapshot, context);
      await states.finish(rows, refused);
    } finally {
      await snapshot.release();
    }
  }

  /** Marks the tables whose load is there as complete, once the changes made meanwhile are. */
  private async complete(): Promise<void> {
    const { catalog, states, session, load, paths } = this.options;
    await session.barrier();
    const loaded = states.loaded(catalog.tables);
    if (loaded.length === 0) return;
    for (const { replicated } of loaded) {
      const known = states.get(replicated.name);
      if (known) await markComplete(paths.bronze, known.epoch, replicated, known.rows);
    }
    await states.complete(loaded);
    const tables = loaded.map(({ replicated }) => replicated.name);
    load.onProgress({ event: "complete", tables });
  }

  private async checkSource(): Promise<void> {
    const { catalog, states } = this.options;
    await catalog.refresh();
    for (const table of catalog.tables) {
      const problem = keyProblem(table);
      if (problem) states.stop(table.replicated.name, problem);
    }
  }
}
