import { setTimeout as sleep } from "node:timers/promises";

import {
  type AthenaClient,
  type ColumnInfo,
  GetQueryExecutionCommand,
  GetQueryRuntimeStatisticsCommand,
  paginateGetQueryResults,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";

import type { QueryClient, QueryOptions, QueryResult, ResultColumn, Value } from "./query-client";
import { QueryFailed } from "./query-failed";

const DEFAULT_TIMEOUT_MS = 300_000;
/** Milliseconds between questions, the first and the longest. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/** How one user of the lake queries it on AWS. */
export interface AthenaSession {
  /** With the user's own credentials. */
  readonly client: AthenaClient;
  /** Name of the user's workgroup, which says where results go. */
  readonly workgroup: string;
  /** Turns the lake's SQL into that of its databases and tables. */
  readonly sql: (sql: string) => string;
}

/** Amazon Athena. Results lie in the workgroup's prefix until they expire. */
export class AthenaQueryClient implements QueryClient {
  /** @param sessionOf opens the session of a user by name, as `tenant_3` */
  constructor(private readonly sessionOf: (user: string) => Promise<AthenaSession>) {}

  async query(sql: string, options: QueryOptions): Promise<QueryResult> {
    const { client, workgroup, sql: rewrite } = await this.sessionOf(options.user);
    const { QueryExecutionId: id = "" } = await client.send(
      new StartQueryExecutionCommand({ QueryString: rewrite(sql), WorkGroup: workgroup }),
    );
    const execution = await this.untilEnded(client, id, options);
    const {
      State,
      StateChangeReason = "Athena gives no reason",
      AthenaError,
    } = execution.Status ?? {};
    if (State !== "SUCCEEDED") {
      const code = AthenaError?.ErrorType === undefined ? State : `ATHENA_${AthenaError.ErrorType}`;
      throw new QueryFailed(StateChangeReason, code ?? "FAILED");
    }
    const { columns, rows } = await results(client, id);
    const { DataScannedInBytes, TotalExecutionTimeInMillis, QueryQueueTimeInMillis } =
      execution.Statistics ?? {};
    return {
      columns,
      rows,
      stats: {
        bytesRead: DataScannedInBytes ?? 0,
        rowsRead: options.countFiles ? await rowsRead(client, id) : 0,
        elapsedMs: TotalExecutionTimeInMillis ?? 0,
        queuedMs: QueryQueueTimeInMillis ?? 0,
      },
    };
  }

  /** Waits for a query's end; cancels it where it takes too long or is not wanted any more. */
  private async untilEnded(
    client: AthenaClient,
    id: string,
    { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: QueryOptions,
  ): Promise<QueryExecution> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const either = signal ? AbortSignal.any([deadline, signal]) : deadline;
    try {
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
        const command = new GetQueryExecutionCommand({ QueryExecutionId: id });
        const { QueryExecution: found } = await client.send(command, { abortSignal: either });
        const state = found?.Status?.State;
        if (found && state !== "QUEUED" && state !== "RUNNING") return found;
        await sleep(pause, undefined, { signal: either });
      }
    } catch (error) {
      if (!either.aborted) throw error;
      const stop = new StopQueryExecutionCommand({ QueryExecutionId: id });
      await client.send(stop).catch(() => {});
      if (!deadline.aborted) throw error;
      const seconds = timeoutMs / 1000;
      throw new QueryFailed(
        `the query was cancelled: it ran longer than ${seconds} s`,
        "TIMED_OUT",
      );
    }
  }
}

async function results(client: AthenaClient, id: string) {
  const columns: ResultColumn[] = [];
  const rows: (readonly Value[])[] = [];
  let isFirst = true;
  for await (const page of paginateGetQueryResults({ client }, { QueryExecutionId: id })) {
    const info = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
    if (isFirst) columns.push(...info.map(columnOf));
    const texts = (page.ResultSet?.Rows ?? []).map(({ Data = [] }) =>
      columns.map((_, index) => Data[index]?.VarCharValue),
    );
    // The first row of a SELECT holds the names; those of SHOW and DESCRIBE have no such row.
    const [head] = texts;
    const isHead = isFirst && head && columns.every(({ name }, index) => head[index] === name);
    for (const row of isHead ? texts.slice(1) : texts) {
      rows.push(row.map((text, index) => valueOf(text, (columns[index] as ResultColumn).type)));
    }
    isFirst = false;
  }
  return { columns, rows };
}

function columnOf({ Name = "", Type = "", Precision, Scale }: ColumnInfo): ResultColumn {
  return { name: Name, type: Type === "decimal" ? `decimal(${Precision},${Scale})` : Type };
}

/** A value of Athena's, which sends all as text; null is no text at all. */
export function valueOf(text: string | undefined, type: string): Value {
  if (text === undefined) return null;
  if (type === "boolean") return text === "true";
  if (["tinyint", "smallint", "integer", "bigint"].includes(type)) {
    return Number.isSafeInteger(Number(text)) ? Number(text) : text;
  }
  if (["double", "float", "real"].includes(type)) {
    const number = Number(text);
    return Number.isFinite(number) ? number : text;
  }
  return text;
}

/** Rows read from storage; 0 where Athena does not say so yet. */
async function rowsRead(client: AthenaClient, id: string): Promise<number> {
  const command = new GetQueryRuntimeStatisticsCommand({ QueryExecutionId: id });
  const { QueryRuntimeStatistics: found } = await client.send(command);
  return found?.Rows?.InputRows ?? 0;
}
