/** What the Spark application's steps answer (glue-scripts/lakewright/steps.py). */

export interface TableResult {
  readonly table: string;
  /** `waiting`: the full load is not complete yet; `held`: the table was rolled back. */
  readonly status: "applied" | "idle" | "waiting" | "held" | "failed";
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
  /** Whose mistake an error is. */
  readonly kind?: "user" | "bug" | null;
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

/** A verdict on a quality rule, as bookkeeping has it. */
export interface Standing extends RuleResult {
  /** A DQDL rule over the table, a row-level rule, or a DQDL rule over what a batch would make of it. */
  readonly kind: "dqdl" | "row" | "hold";
  readonly severity: "warn" | "stop";
  /** ISO 8601, UTC. */
  readonly evaluated_at: string;
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
