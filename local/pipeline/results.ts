/** What the Spark application's steps answer (glue-scripts/lakewright/steps.py). */

export interface TableResult {
  readonly table: string;
  /** `waiting`: the full load is not complete yet. */
  readonly status: "applied" | "idle" | "waiting" | "failed";
  readonly epoch: string | null;
  readonly files: number;
  /** Rows of bronze; read = applied + superseded + ignored + quarantined. */
  readonly read: number;
  readonly applied: number;
  readonly superseded: number;
  /** Rows by the reason for which they were ignored. */
  readonly ignored: Readonly<Record<string, number>>;
  readonly quarantined: number;
  readonly deleted: number;
  readonly version: string | null;
  readonly newest_committed_at: string | null;
  readonly seconds: number;
  readonly error?: string | null;
  readonly schema_changed?: boolean;
}

export interface ModelResult {
  readonly model: string;
  readonly status: "refreshed" | "rebuilt" | "idle" | "failed";
  readonly groups: number;
  readonly upserts: number;
  readonly deletes: number;
  readonly version: string | null;
  readonly seconds: number;
  readonly error?: string | null;
}

export interface RuleResult {
  readonly layer: "silver" | "gold";
  readonly table: string;
  readonly rule: string;
  /** `skipped`: there are no values to judge. */
  readonly outcome: "passed" | "failed" | "skipped" | "error";
  readonly value?: number | null;
  readonly message?: string | null;
}

/** What maintenance did to one table. */
export interface MaintenanceResult {
  readonly layer: string;
  readonly table: string;
  readonly status: "maintained" | "failed";
  /** Files that are gone, and their bytes: versions of data, commits, change files; null when failed. */
  readonly files_removed: number | null;
  readonly bytes_removed: number | null;
  readonly seconds: number;
  readonly error: string | null;
}

/** Anything that answers steps: the Spark application, or a test's own. */
export interface Steps {
  step<T>(
    name: string,
    args?: Readonly<Record<string, unknown>>,
    onProgress?: (event: Readonly<Record<string, unknown>>) => void,
  ): Promise<T>;
}
