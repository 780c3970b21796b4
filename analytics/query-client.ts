/** A column of a result, with its type as the engine names it: `decimal(12,2)`. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

/** A value of a result: decimals, dates, times and integers beyond 2^53 are strings, exact. */
export type Value = string | number | boolean | null | readonly Value[] | { [key: string]: Value };

export interface QueryStats {
  /** Bytes read from storage. */
  readonly bytesRead: number;
  /** Rows read from storage, before filters. */
  readonly rowsRead: number;
  /** Files (or parts of large ones) read; absent unless asked for. */
  readonly filesRead?: number;
  /** Milliseconds from submission to the last row, in the engine. */
  readonly elapsedMs: number;
  /** Milliseconds of it that the query waited before it began. */
  readonly queuedMs: number;
}

export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Value[])[];
  readonly stats: QueryStats;
}

export interface QueryOptions {
  /** In whose name the query runs: `admin`, `analyst`, `tenant_3`. */
  readonly user: string;
  /** Name of the lake's catalog. */
  readonly catalog?: string;
  readonly schema?: string;
  /** Milliseconds after which the query is cancelled. @default 300000 */
  readonly timeoutMs?: number;
  /** Whether to count the files read, which costs another request. @default false */
  readonly countFiles?: boolean;
  /** Cancels the query. */
  readonly signal?: AbortSignal;
}

/** An engine that answers SQL in Athena's dialect: the local Trino, or Athena. */
export interface QueryClient {
  /** @throws QueryFailed with the engine's message */
  query(sql: string, options: QueryOptions): Promise<QueryResult>;
}
