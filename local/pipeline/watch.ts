import type { Manifest } from "../../model/manifest";
import type { Pipeline } from "./pipeline";
import type { MaintenanceResult, ModelResult, RuleResult, TableResult } from "./results";
import { Schedule, type ScheduleOptions, type Task } from "./schedule";

export interface WatchOptions {
  readonly manifest: Manifest;
  readonly pipeline: Pick<Pipeline, "silver" | "gold" | "quality" | "maintain" | "journal">;
  readonly schedule: ScheduleOptions;
  readonly onSilver?: (result: TableResult) => void;
  readonly onGold?: (result: ModelResult) => void;
  readonly onQuality?: (results: readonly RuleResult[]) => void;
  readonly onMaintained?: (result: MaintenanceResult) => void;
  /** No change waits for silver or gold. */
  readonly onCaughtUp?: () => void;
  /** The application itself broke, so that nothing more can be applied. */
  readonly onBroken?: () => void;
  /** A failed table or model is tried again after this long (ms). @default 10000 */
  readonly retryMs?: number;
  /** A table that the user must mend is tried again after this long (ms). @default 60000 */
  readonly retryMendedMs?: number;
}

/**
 * Keeps silver and gold up with bronze: applies each table soon after `changed` is called for it,
 * oldest change first, refreshes gold in the gaps, and now and then evaluates the rules of what
 * changed, maintains tables and lists all of bronze. A failure is reported once and tried again;
 * the other tables go on.
 */
export class Watch {
  private readonly schedule: Schedule;
  private readonly running = new Set<Promise<void>>();
  /** What tables failed with that were told. */
  private readonly failing = new Map<string, string | null | undefined>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private broken: { readonly error: unknown } | undefined;

  constructor(private readonly options: WatchOptions) {
    const { manifest, schedule, pipeline } = options;
    this.schedule = new Schedule(manifest, schedule, (relation) => pipeline.journal.of(relation));
  }

  /** A change file of the table is in bronze. */
  changed(table: string): void {
    this.schedule.changed(table, Date.now());
    this.advance();
  }

  /** The model may be behind its inputs. */
  stale(model: string): void {
    this.schedule.stale(model, Date.now());
    this.advance();
  }

  /** Whether the application itself broke, which ends the watch. */
  get failure(): { readonly error: unknown } | undefined {
    return this.broken;
  }

  /** Ends the watch: the application broke. */
  readonly fail = (error: unknown): void => {
    this.broken ??= { error };
    this.options.onBroken?.();
  };

  /** Lets what runs end, and starts nothing more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.all(this.running);
  }

  private advance(): void {
    if (this.stopped || this.broken) return;
    for (let task = this.schedule.next(Date.now()); task; task = this.schedule.next(Date.now())) {
      const done: Promise<void> = this.run(task).finally(() => {
        this.running.delete(done);
        this.advance();
      });
      this.running.add(done);
    }
    if (this.schedule.caughtUp) this.options.onCaughtUp?.();
    this.wakeLater();
  }

  private async run(task: Task): Promise<void> {
    let changed = false;
    try {
      changed = await this.perform(task);
    } catch (error) {
      this.fail(error);
    }
    this.schedule.finished(task, changed, Date.now());
  }

  /** Does a task; gives whether rows changed. */
  private async perform(task: Task): Promise<boolean> {
    switch (task.kind) {
      case "silver":
        return this.applyTable(task.table);
      case "relist":
        return this.applyTable(task.table, true);
      case "gold":
        return this.refresh(task.model);
      case "quality":
        return this.judge(task.relation);
      case "maintain":
        return this.maintain(task.relation);
    }
  }

  private async applyTable(table: string, relist = false): Promise<boolean> {
    const [result] = await this.options.pipeline.silver([table], undefined, relist);
    if (!result) return false;
    const { status, error, kind } = result;
    if (status !== "failed" || error !== this.failing.get(table)) this.options.onSilver?.(result);
    if (status === "failed") {
      this.failing.set(table, error);
      this.retry(() => this.changed(table), kind === "user");
    } else {
      this.failing.delete(table);
    }
    return status === "applied";
  }

  private async refresh(model: string): Promise<boolean> {
    const [result] = await this.options.pipeline.gold({ models: [model] });
    if (!result) return false;
    this.options.onGold?.(result);
    if (result.status === "failed") this.retry(() => this.stale(model));
    return result.upserts + result.deletes > 0;
  }

  private async judge(relation: string): Promise<boolean> {
    const [layer, table] = relation.split(".") as ["silver" | "gold", string];
    const results = await this.options.pipeline.quality(layer, undefined, [table]);
    if (results.length > 0) this.options.onQuality?.(results);
    return false;
  }

  private async maintain(relation: string): Promise<boolean> {
    await this.options.pipeline.maintain([relation], this.options.onMaintained);
    return false;
  }

  /** @param mended whether it is the user who must mend it, whose next change is applied at once */
  private retry(action: () => void, mended = false): void {
    const { retryMs = 10_000, retryMendedMs = 60_000 } = this.options;
    setTimeout(() => !this.stopped && action(), mended ? retryMendedMs : retryMs).unref();
  }

  private wakeLater(): void {
    clearTimeout(this.timer);
    const now = Date.now();
    const at = this.schedule.wakeAt(now);
    if (at !== null) this.timer = setTimeout(() => this.advance(), at - now);
  }
}
