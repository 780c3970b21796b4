import { readJson, writeWhole } from "../process/files";
import type { MaintenanceResult, ModelResult, TableResult } from "./results";

/** What earlier steps left to know of one table or model. Times are ISO 8601. */
export interface JournalEntry {
  /** Why the last silver or gold step left it as it was: it failed, or the table is held. */
  readonly error?: string;
  /** When it was last maintained; before that, when it was first seen. */
  readonly maintainedAt?: string;
  /** Commits that it has made since. */
  readonly commits?: number;
  /** When all of its bronze folders were last listed; before that, when it was first seen. */
  readonly relistedAt?: string;
}

/**
 * What the pipeline remembers of a lake from one run to the next, in a small file. Only the writer
 * of the lake writes it; anybody may read it.
 */
export class Journal {
  private readonly entries: Record<string, JournalEntry>;

  constructor(private readonly path: string) {
    this.entries = readJson<Record<string, JournalEntry>>(path) ?? {};
  }

  /** What is known of `silver.core_order`, `gold.revenue_daily` or `ops.runs`. */
  of(relation: string): JournalEntry {
    return this.entries[relation] ?? {};
  }

  /** From now on each relation has an entry, so that it is known for how long it is there. */
  see(relations: readonly string[], now = new Date()): void {
    const at = now.toISOString();
    const fresh = relations.filter((relation) => !this.of(relation).maintainedAt);
    this.change(fresh, ({ relistedAt = at, ...known }) => ({
      ...known,
      relistedAt,
      maintainedAt: at,
    }));
  }

  /** Notes how a silver step ended; `relisted`: it listed all of bronze. */
  noteSilver(results: readonly TableResult[], relisted: boolean, now = new Date()): void {
    for (const { table, status, error } of results) {
      const held = status === "held" ? `held since a rollback; ./lake resume ${table}` : undefined;
      this.noteStep(`silver.${table}`, held ?? error, status === "applied");
      if (!relisted || status === "failed") continue;
      this.change([`silver.${table}`], (known) => ({ ...known, relistedAt: now.toISOString() }));
    }
  }

  /** Notes how a gold step ended. */
  noteGold(results: readonly ModelResult[]): void {
    for (const { model, error, upserts, deletes } of results)
      this.noteStep(`gold.${model}`, error, upserts + deletes > 0);
  }

  /** Notes what was maintained. */
  noteMaintenance(results: readonly MaintenanceResult[], now = new Date()): void {
    const done = results.filter(({ status }) => status === "maintained");
    this.change(
      done.map(({ layer, table }) => `${layer}.${table}`),
      (known) => ({ ...known, maintainedAt: now.toISOString(), commits: 0 }),
    );
  }

  private noteStep(relation: string, error: string | null | undefined, committed: boolean): void {
    const { error: before, ...known } = this.of(relation);
    const failed = error ? { error } : {};
    if (!committed && failed.error === before) return;
    const commits = (known.commits ?? 0) + (committed ? 1 : 0);
    this.change([relation], () => ({ ...known, ...failed, commits }));
  }

  private change(
    relations: readonly string[],
    change: (known: JournalEntry) => JournalEntry,
  ): void {
    if (relations.length === 0) return;
    for (const relation of relations) this.entries[relation] = change(this.of(relation));
    writeWhole(this.path, `${JSON.stringify(this.entries, null, 1)}\n`);
  }
}
