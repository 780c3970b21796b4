import type { Manifest } from "../../model/manifest";
import { dependsOnTime, referencedTables } from "../../model/quality-rules";
import type { JournalEntry } from "./journal";

/** Work that keeps a lake in order and that no reader waits for. */
export type Chore =
  | { readonly kind: "quality"; readonly relation: string }
  | { readonly kind: "maintain"; readonly relation: string }
  | { readonly kind: "relist"; readonly table: string };

export interface ChoreOptions {
  /** The rules of a table are evaluated at most this often (ms), when what they read changed … */
  readonly qualityEveryMs: number;
  /** … and this often where a verdict may change by the passing of time alone. */
  readonly timedQualityEveryMs: number;
  /** A table is maintained this often (ms) … */
  readonly maintainEveryMs: number;
  /** … and whenever it has made this many commits since. */
  readonly maintainEveryCommits: number;
  /** All bronze folders of a table are listed this often (ms). */
  readonly relistEveryMs: number;
}

/** What the rules of a relation depend on besides its own rows. */
interface Dependencies {
  /** Tables that they refer to, those of silver by their names alone. */
  readonly referenced: ReadonlySet<string>;
  /** Whether a verdict may change by the passing of time. */
  readonly timed: boolean;
}

interface Due {
  readonly chore: Chore;
  readonly at: number;
}

/**
 * When each table's quality, maintenance and relisting are due, in the order of their due times.
 * Pure: time is given in milliseconds by the caller.
 */
export class Chores {
  private readonly due = new Map<string, Due>();
  /** Of each relation that has rules of any kind, what these depend on. */
  private readonly ruled: ReadonlyMap<string, Dependencies>;
  private readonly judgedAt = new Map<string, number>();
  /** Commits since the last maintenance. */
  private readonly commits = new Map<string, number>();

  /**
   * @param from nothing is due before (ms)
   * @param last when each table was last looked after
   */
  constructor(
    manifest: Manifest,
    private readonly options: ChoreOptions,
    from: number,
    last: (relation: string) => JournalEntry,
  ) {
    this.ruled = ruledRelations(manifest);
    for (const relation of this.ruled.keys()) this.plan({ kind: "quality", relation }, from);
    for (const relation of maintainedRelations(manifest)) {
      const { commits = 0, maintainedAt } = last(relation);
      this.commits.set(relation, commits);
      const after = commits < options.maintainEveryCommits ? options.maintainEveryMs : 0;
      this.plan({ kind: "maintain", relation }, Math.max(from, since(maintainedAt, from) + after));
    }
    for (const { name } of manifest.tables) {
      const { relistedAt } = last(`silver.${name}`);
      const at = since(relistedAt, from) + options.relistEveryMs;
      this.plan({ kind: "relist", table: name }, Math.max(from, at));
    }
  }

  /** The relation made a commit. */
  changed(relation: string, now: number): void {
    const name = relation.replace(/^silver\./, "");
    for (const [ruled, { referenced }] of this.ruled)
      if (ruled === relation || referenced.has(name)) this.planQuality(ruled, now);
    const commits = (this.commits.get(relation) ?? 0) + 1;
    this.commits.set(relation, commits);
    const planned = this.due.get(`maintain ${relation}`);
    if (planned && planned.at > now && commits >= this.options.maintainEveryCommits)
      this.plan({ kind: "maintain", relation }, now);
  }

  /**
   * What has been due for longest.
   * @param isWritten whether a step that writes the relation runs
   */
  next(now: number, isWritten: (relation: string) => boolean): Chore | null {
    const ready = [...this.due.values()].filter(
      ({ chore, at }) => at <= now && (chore.kind === "quality" || !isWritten(relationOf(chore))),
    );
    return ready.sort((one, other) => one.at - other.at)[0]?.chore ?? null;
  }

  /** The chore begins; it is due again after its time. */
  begin(chore: Chore, now: number): void {
    if (chore.kind === "quality") {
      this.judgedAt.set(chore.relation, now);
      if (this.ruled.get(chore.relation)?.timed)
        this.plan(chore, now + this.options.timedQualityEveryMs);
      else this.due.delete(keyOf(chore));
    } else if (chore.kind === "maintain") {
      this.commits.set(chore.relation, 0);
      this.plan(chore, now + this.options.maintainEveryMs);
    } else {
      this.plan(chore, now + this.options.relistEveryMs);
    }
  }

  /** When each chore that is planned is due (ms). */
  times(): number[] {
    return [...this.due.values()].map(({ at }) => at);
  }

  /** Has the rules judged as soon as they may be, or sooner where that is planned. */
  private planQuality(relation: string, now: number): void {
    const next = (this.judgedAt.get(relation) ?? -Infinity) + this.options.qualityEveryMs;
    const planned = this.due.get(`quality ${relation}`)?.at ?? Infinity;
    this.plan({ kind: "quality", relation }, Math.min(planned, Math.max(now, next)));
  }

  private plan(chore: Chore, at: number): void {
    this.due.set(keyOf(chore), { chore, at });
  }
}

/** The relation that a chore is about. */
export function relationOf(chore: Chore): string {
  return chore.kind === "relist" ? `silver.${chore.table}` : chore.relation;
}

/** Every table that the pipeline writes, by the names that a request for maintenance takes. */
export function maintainedRelations({ tables, models }: Manifest): string[] {
  const silver = tables.map(({ name }) => `silver.${name}`);
  const gold = models.map(({ name }) => `gold.${name}`);
  return [...silver, ...gold, "ops.runs", "ops.quality"];
}

function ruledRelations({ tables, models }: Manifest): Map<string, Dependencies> {
  const silver = tables
    .filter(({ quality, rules }) => quality.length + rules.length > 0)
    .map(({ name, quality }) => ({ relation: `silver.${name}`, quality }));
  const gold = models
    .filter(({ quality }) => quality.length > 0)
    .map(({ name, quality }) => ({ relation: `gold.${name}`, quality }));
  return new Map(
    [...silver, ...gold].map(({ relation, quality }) => {
      const rules = quality.map(({ dqdl }) => dqdl);
      const referenced = new Set(rules.flatMap(referencedTables));
      return [relation, { referenced, timed: rules.some(dependsOnTime) }];
    }),
  );
}

function since(at: string | undefined, otherwise: number): number {
  return at === undefined ? otherwise : Date.parse(at);
}

function keyOf(chore: Chore): string {
  return `${chore.kind} ${relationOf(chore)}`;
}
