import type { Client } from "pg";

import { UserError } from "../../model/errors";
import type { Manifest } from "../../model/manifest";
import type { LakePaths } from "../paths";
import type { Source } from "../source/connection";
import { publicationName } from "../source/prepare";
import { highestEpoch } from "./bronze";
import type { ControlConnection } from "./control-connection";
import { discardUnfinished, type LoadContext, loadEpoch } from "./load-run";
import type { OnProgress } from "./progress";
import { pendingRequests, type ReloadRequest } from "./requests";
import { createSlot, dropSlot, waitUntilFree } from "./slot";
import type { SourceCatalog } from "./source-catalog";
import { newState, readState, type ReplicationState } from "./state";
import { TableStates } from "./table-states";
import { waitNoticed } from "./wait-noticed";

export interface StartingPointOptions {
  readonly manifest: Manifest;
  readonly paths: Pick<LakePaths, "bronze" | "replication">;
  readonly source: Source;
  readonly control: ControlConnection;
  readonly catalog: SourceCatalog;
  readonly load: LoadContext;
  readonly trash: string;
  readonly onProgress: OnProgress;
}

export interface Start {
  readonly states: TableStates;
  /** Reloads that were asked for before a load of everything began, which serves them. */
  readonly satisfied: readonly ReloadRequest[];
}

/** Finds where a replication goes on, or begins. */
export class StartingPoint {
  constructor(private readonly options: StartingPointOptions) {}

  /**
   * States whose slot can be streamed from; loads everything where there are none.
   * @throws UserError when the changes since cannot be had any more and nobody asked for a reload
   */
  async find(): Promise<Start> {
    const { source, paths, catalog } = this.options;
    const isWished = pendingRequests(paths.replication).some(({ tables }) => tables.length === 0);
    const state = this.read(isWished);
    const { system, database } = catalog.identity;
    const isSame = state?.source.system === system && state.source.database === database;
    if (state?.streaming) {
      if (isSame) {
        const problem = await this.slotProblem(state.slot);
        if (!problem) return { states: this.statesOf(state), satisfied: [] };
        if (!isWished) throw slotGone(state.slot, problem);
      } else if (!isWished) {
        throw new UserError(
          `${source.label} is another database than the one that was replicated; ` +
            "`./lake reload` loads every table anew from this one",
        );
      }
    }
    const satisfied = pendingRequests(paths.replication);
    return { states: await this.loadAll(state, isSame), satisfied };
  }

  /** A state that cannot be read is as good as none where everything is to be loaded anew. */
  private read(isReloadWished: boolean): ReplicationState | undefined {
    const { paths, onProgress } = this.options;
    try {
      return readState(paths.replication);
    } catch (error) {
      if (!isReloadWished || !(error instanceof UserError)) throw error;
      onProgress({ event: "notice", text: error.message });
      return undefined;
    }
  }

  private statesOf(state: ReplicationState): TableStates {
    const { manifest, paths, onProgress } = this.options;
    return new TableStates(state, manifest, paths.replication, onProgress);
  }

  private async slotProblem(name: string): Promise<string | undefined> {
    const reason = `for slot ${name}, which the server still holds for a connection that is gone`;
    const slot = await this.options.control.use((client) =>
      waitUntilFree(client, name, () => this.options.onProgress({ event: "waiting", reason })),
    );
    if (!slot) return "does not exist any more";
    if (slot.walStatus !== "lost") return undefined;
    return "is lost (the server removed WAL that it needs; see max_slot_wal_keep_size)";
  }

  private async loadAll(
    earlier: ReplicationState | undefined,
    isSame: boolean,
  ): Promise<TableStates> {
    const { source, paths, manifest, control, catalog, load, trash, onProgress } = this.options;
    await control.use((client) => this.dropEarlierSlots(client, isSame ? earlier?.slot : ""));
    for (const { replicated, facts } of catalog.tables) {
      const known = earlier?.tables[replicated.name];
      if (known) await discardUnfinished(paths.bronze, known.epoch, facts, trash);
    }
    const epoch = highestEpoch(paths.bronze) + 1;
    const state = newState(manifest.lake, catalog.identity);
    const states = this.statesOf(state);
    await states.begin(catalog.tables, epoch);
    const snapshot = await waitNoticed(createSlot(source, state.slot, false), onProgress);
    try {
      // Waiting for the snapshot can take long.
      await catalog.refresh();
      await states.position(catalog.tables, snapshot.from, () => undefined);
      const { rows, refused } = await loadEpoch(catalog.tables, epoch, snapshot, load);
      await states.finish(rows, refused);
      return states;
    } catch (error) {
      // A slot that nobody reads keeps the server from removing WAL.
      await control.use((client) => dropSlot(client, state.slot)).catch(() => undefined);
      throw error;
    } finally {
      await snapshot.release();
    }
  }

  /** The slot of a load that was not finished; in the embedded source all slots are this checkout's. */
  private async dropEarlierSlots(client: Client, slot: string | undefined): Promise<void> {
    const { source, manifest, onProgress } = this.options;
    const pattern = `^${publicationName(manifest.lake)}_[0-9a-f]{8}$`;
    const { rows } = await client.query<{ slot_name: string }>(
      `SELECT slot_name FROM pg_replication_slots
       WHERE database = current_database() AND slot_name ~ $1 AND NOT temporary`,
      [pattern],
    );
    for (const { slot_name } of rows) {
      if (slot_name === slot || source.embedded) await dropSlot(client, slot_name);
      else {
        onProgress({
          event: "notice",
          text:
            `slot ${slot_name} was made by another checkout or an earlier state; if nobody uses it, ` +
            `SELECT pg_drop_replication_slot('${slot_name}') lets the server remove its WAL`,
        });
      }
    }
  }
}

/** What to say when the slot's changes can no longer be had. */
function slotGone(slot: string, reason: string): UserError {
  return new UserError(
    `replication slot ${slot} ${reason}: changes since the last files can no longer be read. ` +
      "Nothing written is lost; `./lake reload` loads every table anew",
  );
}
