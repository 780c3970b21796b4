import { UserError } from "../model/errors";
import { parseExactJson } from "./exact-json";
import type {
  QueryClient,
  QueryOptions,
  QueryResult,
  QueryStats,
  ResultColumn,
  Value,
} from "./query-client";
import { QueryFailed, queryFailed, type TrinoError } from "./query-failed";

const DEFAULT_TIMEOUT_MS = 300_000;

/** One page of Trino's answer (https://trino.io/docs/current/develop/client-protocol.html). */
interface Page {
  readonly id: string;
  readonly nextUri?: string;
  readonly columns?: readonly ResultColumn[];
  readonly data?: readonly (readonly Value[])[];
  readonly error?: TrinoError;
  readonly stats: {
    readonly processedRows: number;
    readonly physicalInputBytes: number;
    readonly elapsedTimeMillis: number;
    readonly queuedTimeMillis: number;
  };
}

/** The part of Trino's query information that says how tables were read. */
interface QueryInfo {
  readonly queryStats: { readonly operatorSummaries: readonly OperatorSummary[] };
}

interface OperatorSummary {
  readonly operatorType: string;
  readonly totalDrivers: number;
  readonly physicalInputPositions: number;
}

/**
 * Trino over its REST protocol. It trusts the name in the request: that is why the local server
 * listens on the loopback interface alone.
 */
export class TrinoClient implements QueryClient {
  /** @param address such as `http://127.0.0.1:8080` */
  constructor(readonly address: string) {}

  async query(sql: string, options: QueryOptions): Promise<QueryResult> {
    const deadline = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
    const headers = requestHeaders(options);
    const columns: ResultColumn[] = [];
    const rows: (readonly Value[])[] = [];
    let page: Page | undefined;
    try {
      page = await request(`${this.address}/v1/statement`, {
        method: "POST",
        body: sql,
        headers,
        signal,
      });
      for (;;) {
        if (page.columns && columns.length === 0) columns.push(...page.columns);
        for (const row of page.data ?? []) rows.push(row);
        if (!page.nextUri) break;
        page = await request(page.nextUri, { headers, signal });
      }
    } catch (error) {
      if (page?.nextUri) await fetch(page.nextUri, { method: "DELETE", headers }).catch(() => {});
      if (deadline.aborted) throw timedOut(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
      throw error;
    }
    if (page.error) throw queryFailed(page.error, sql);
    const stats = statsOf(page);
    if (!options.countFiles) return { columns, rows, stats };
    return { columns, rows, stats: { ...stats, filesRead: await this.filesRead(page.id) } };
  }

  /** Splits that a query's table scans read: files, or parts of large ones. */
  private async filesRead(queryId: string): Promise<number> {
    const headers = requestHeaders({ user: "admin" });
    const response = await fetch(`${this.address}/v1/query/${queryId}`, { headers });
    const info = (await response.json()) as QueryInfo;
    return info.queryStats.operatorSummaries
      .filter(({ operatorType }) => SCANS.has(operatorType))
      .reduce((sum, { totalDrivers }) => sum + totalDrivers, 0);
  }
}

const SCANS = new Set(["TableScanOperator", "ScanFilterAndProjectOperator"]);

function requestHeaders({ user, catalog, schema }: QueryOptions): Record<string, string> {
  return {
    "X-Trino-User": user,
    "X-Trino-Source": "lakewright",
    "X-Trino-Time-Zone": "UTC",
    // Without it, times are cut to milliseconds.
    "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME",
    ...(catalog ? { "X-Trino-Catalog": catalog } : {}),
    ...(schema ? { "X-Trino-Schema": schema } : {}),
  };
}

async function request(url: string, init: RequestInit): Promise<Page> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new UserError(`Trino does not answer at ${new URL(url).origin}; is it running?`);
  }
  const text = await response.text();
  if (response.ok) return parseExactJson(text) as Page;
  throw new QueryFailed(
    `Trino answered ${response.status}: ${text.trim()}`,
    `HTTP_${response.status}`,
  );
}

function statsOf({ stats }: Page): QueryStats {
  return {
    bytesRead: stats.physicalInputBytes,
    rowsRead: stats.processedRows,
    elapsedMs: stats.elapsedTimeMillis,
    queuedMs: stats.queuedTimeMillis,
  };
}

function timedOut(timeoutMs: number): QueryFailed {
  return new QueryFailed(
    `the query was cancelled: it ran longer than ${timeoutMs / 1000} s`,
    "TIMED_OUT",
  );
}
