import type { Manifest, ManifestModel } from "../../model/manifest";
import { type Chore, type ChoreOptions, Chores, relationOf as choreRelation } from "./chores";
import type { JournalEntry } from "./journal";

/** One request to the Spark application. */
export type Task =
  | { readonly kind: "silver"; readonly table: string }
  | { readonly kind: "gold"; readonly model: string }
  | Chore;

export interface ScheduleOptions extends ChoreOptions {
  /** Tasks that run at the same time: as many as there are cores to run them. */
  readonly slots: number;
  /** A gold model is refreshed at most this often (ms). */
  readonly goldEveryMs: number;
  /** Share of the time that gold may take while changes wait for silver, above 0, to 1. */
  readonly goldShare: number;
  /** Share of the time that chores may take, whatever else there is to do, above 0, to 1. */
  readonly choreShare: number;
  /** No chore begins before (ms). */
  readonly choresFrom: number;
}

/**
 * What the Spark application does next in continuous mode. Tables go in the order of their oldest
 * waiting change, so that no change waits for more than one round. Everything else goes one at a
 * time, so that a slot is always free for silver: gold models whose inputs have changed in the gaps
 * that silver leaves and, where it leaves none, in a share of the time, the one behind for longest
 * first, each after the models it reads; chores (quality, maintenance, relisting) in a share of
 * their own, the one due for longest first.
 * Pure: time is given in milliseconds by the caller.
 */
export class Schedule {
  /** Since when a table has changes that no task has picked up. */
  private readonly waiting = new Map<string, number>();
  /** Since when a model is behind its inputs. */
  private readonly behind = new Map<string, number>();
  private readonly refreshedAt = new Map<string, number>();
  private readonly chores: Chores;
  /** From when on gold may go although changes wait for silver. */
  private goldFreeAt = -Infinity;
  private choresFreeAt = -Infinity;
  private readonly running = new Set<string>();
  /** What runs beside silver, and since when. */
  private background: { readonly task: Task; readonly since: number } | undefined;

  constructor(
    private readonly manifest: Manifest,
    private readonly options: ScheduleOptions,
    last: (relation: string) => JournalEntry = () => ({}),
  ) {
    this.chores = new Chores(manifest, options, options.choresFrom, last);
  }

  /** A change file of the table appeared. */
  changed(table: string, now: number): void {
    if (!this.waiting.has(table)) this.waiting.set(table, now);
  }

  /** The model may be behind its inputs. */
  stale(model: string, now: number): void {
    if (!this.behind.has(model)) this.behind.set(model, now);
  }

  /** The next task, marked as running; null while there is none or no slot is free. */
  next(now: number): Task | null {
    if (this.running.size >= this.options.slots) return null;
    const task = this.choose(now);
    if (task) this.begin(task, now);
    return task;
  }

  /** A task ended; `changed` says whether rows changed, so that what reads them is behind. */
  finished(task: Task, changed: boolean, now: number): void {
    const relation = relationOf(task);
    this.running.delete(keyOf(task));
    if (task.kind !== "silver") {
      const took = now - (this.background?.since ?? now);
      const pause = (share: number) => now + took * (1 / share - 1);
      if (task.kind === "gold") this.goldFreeAt = pause(this.options.goldShare);
      else this.choresFreeAt = pause(this.options.choreShare);
      this.background = undefined;
    }
    if (!changed) return;
    this.chores.changed(relation, now);
    for (const model of this.manifest.models) {
      if (model.inputs.includes(relation)) this.stale(model.name, now);
    }
  }

  /** Whether silver and gold have all that is known of; chores may go on. */
  get caughtUp(): boolean {
    const chores = this.background && this.background.task.kind !== "gold" ? 1 : 0;
    return this.waiting.size === 0 && this.behind.size === 0 && this.running.size === chores;
  }

  /**
   * When a task may go that may not yet, at the earliest (ms); null where nothing waits for time
   * alone, for the end of a task is a reason to ask for the next one anyway.
   */
  wakeAt(now: number): number | null {
    if (this.background) return null;
    const gold = [...this.behind.keys()].map((model) => this.dueAt(model));
    const chores = this.chores.times().map((at) => Math.max(at, this.choresFreeAt));
    const times = [...gold, ...chores].filter((at) => at > now);
    return times.length > 0 ? Math.min(...times) : null;
  }

  private choose(now: number): Task | null {
    const table = this.nextTable();
    const silver: Task | null = table === null ? null : { kind: "silver", table };
    if (this.background) return silver;
    if (now >= this.choresFreeAt) {
      const chore = this.chores.next(now, (relation) => this.running.has(relation));
      if (chore) return chore;
    }
    const model = this.nextModel(now);
    return model !== null && (!silver || now >= this.goldFreeAt) ? { kind: "gold", model } : silver;
  }

  private begin(task: Task, now: number): void {
    this.running.add(keyOf(task));
    if (task.kind === "silver" || task.kind === "relist") this.waiting.delete(task.table);
    if (task.kind === "silver") return;
    this.background = { task, since: now };
    if (task.kind === "gold") {
      this.behind.delete(task.model);
      this.refreshedAt.set(task.model, now);
    } else {
      this.chores.begin(task, now);
    }
  }

  private nextTable(): string | null {
    const idle = [...this.waiting].filter(([table]) => !this.running.has(`silver.${table}`));
    return idle.sort(([, a], [, b]) => a - b)[0]?.[0] ?? null;
  }

  private nextModel(now: number): string | null {
    const since = (model: ManifestModel) => this.behind.get(model.name) ?? Infinity;
    const ready = this.manifest.models.filter(
      (model) =>
        this.behind.has(model.name) &&
        this.dueAt(model.name) <= now &&
        !this.inputsOf(model).some((input) => since(input) <= since(model)),
    );
    return ready.sort((one, other) => since(one) - since(other))[0]?.name ?? null;
  }

  private inputsOf(model: ManifestModel): ManifestModel[] {
    return this.manifest.models.filter(({ name }) => model.inputs.includes(`gold.${name}`));
  }

  private dueAt(model: string): number {
    return (this.refreshedAt.get(model) ?? -Infinity) + this.options.goldEveryMs;
  }
}

function relationOf(task: Task): string {
  switch (task.kind) {
    case "silver":
      return `silver.${task.table}`;
    case "gold":
      return `gold.${task.model}`;
    default:
      return choreRelation(task);
  }
}

/** The relation that the task writes, so that no other writes it meanwhile. */
function keyOf(task: Task): string {
  return task.kind === "quality" ? `quality of ${task.relation}` : relationOf(task);
}
