import type { Manifest, ManifestModel } from "../../model/manifest";

/** One request to the Spark application. */
export type Task =
  | { readonly kind: "silver"; readonly table: string }
  | { readonly kind: "gold"; readonly model: string };

export interface ScheduleOptions {
  /** Tasks that run at the same time: as many as there are cores to run them. */
  readonly slots: number;
  /** A gold model is refreshed at most this often (ms). */
  readonly goldEveryMs: number;
  /** Share of the time that gold may take while changes wait for silver, above 0, to 1. */
  readonly goldShare: number;
}

/**
 * What the Spark application does next in continuous mode. Tables go in the order of their oldest
 * waiting change, so that no change waits for more than one round. Gold models whose inputs have
 * changed go in the gaps that silver leaves and, where it leaves none, in a share of the time: one
 * at a time, the one behind for longest first, each after the models it reads.
 * Pure: time is given in milliseconds by the caller.
 */
export class Schedule {
  /** Since when a table has changes that no task has picked up. */
  private readonly waiting = new Map<string, number>();
  /** Since when a model is behind its inputs. */
  private readonly behind = new Map<string, number>();
  private readonly refreshedAt = new Map<string, number>();
  /** From when on gold may go although changes wait for silver. */
  private goldFreeAt = -Infinity;
  private readonly running = new Set<string>();

  constructor(
    private readonly manifest: Manifest,
    private readonly options: ScheduleOptions,
  ) {}

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
    const model = this.nextModel(now);
    const table = this.nextTable();
    if (table && (!model || now < this.goldFreeAt)) {
      this.waiting.delete(table);
      this.running.add(`silver.${table}`);
      return { kind: "silver", table };
    }
    if (!model) return null;
    this.behind.delete(model);
    this.refreshedAt.set(model, now);
    this.running.add(`gold.${model}`);
    return { kind: "gold", model };
  }

  /** A task ended; `changed` says whether rows changed, so that what reads them is behind. */
  finished(task: Task, changed: boolean, now: number): void {
    const relation = relationOf(task);
    this.running.delete(relation);
    if (task.kind === "gold") {
      const took = now - (this.refreshedAt.get(task.model) ?? now);
      this.goldFreeAt = now + took * (1 / this.options.goldShare - 1);
    }
    if (!changed) return;
    for (const model of this.manifest.models) {
      if (model.inputs.includes(relation)) this.stale(model.name, now);
    }
  }

  /** When a model may go that may not yet, at the earliest; null where nothing waits for time (ms). */
  wakeAt(): number | null {
    const times = [...this.behind.keys()].map((model) => this.dueAt(model));
    return times.length > 0 ? Math.min(...times) : null;
  }

  private nextTable(): string | null {
    const idle = [...this.waiting].filter(([table]) => !this.running.has(`silver.${table}`));
    return idle.sort(([, a], [, b]) => a - b)[0]?.[0] ?? null;
  }

  private nextModel(now: number): string | null {
    if ([...this.running].some((relation) => relation.startsWith("gold."))) return null;
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
  return task.kind === "silver" ? `silver.${task.table}` : `gold.${task.model}`;
}
