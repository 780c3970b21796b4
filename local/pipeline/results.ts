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
  readonly table: string;
  readonly rule: string;
  readonly outcome: "passed" | "failed" | "error";
  readonly value?: number | null;
  readonly message?: string | null;
}

/** Anything that answers steps: the Spark application, or a test's own. */
export interface Steps {
  step<T>(
    name: string,
    args?: Readonly<Record<string, unknown>>,
    onProgress?: (event: Readonly<Record<string, unknown>>) => void,
  ): Promise<T>;
}
