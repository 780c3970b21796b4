import { AthenaQueryClient } from "../../analytics/athena-client";
import { checkIsolation } from "../../analytics/isolation-check";
import type { QueryClient } from "../../analytics/query-client";
import { QueryFailed } from "../../analytics/query-failed";
import { loadLake } from "../../lakes/load";
import { connectSource, type Source } from "../../local/source/connection";
import { UserError } from "../../model/errors";
import type { Lake } from "../../model/lake";
import { quoteRelation } from "../../model/sql-quoting";
import { ADMIN, tenantUser } from "../../model/trino-rules";
import { type Ask, isApplied, type TouchedRow, touchRow } from "../touched-rows";
import { athenaSession } from "./athena-sessions";
import { checkGrants } from "./check-grants";
import type { DeployedLake } from "./deployed-lake";
import { DmsReplication } from "./dms";
import { Executions } from "./executions";
import { poll } from "./poll";

/** What one of the tries found. */
export interface SmokeResult {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
  readonly seconds: number;
}

export interface SmokeOptions {
  readonly signal: AbortSignal;
  /** Minutes that a change may take from the source to Athena. */
  readonly minutes: number;
  /** Milliseconds from one look to the next. @default 10000 */
  readonly everyMs?: number;
  readonly onResult?: (result: SmokeResult) => void;
}

/**
 * Sends a change of every table through a deployed lake and looks at it as each reader would: what
 * only a deployment can prove. Rows of the source are rewritten with their own values. Each try is
 * made whatever became of those before, but for the change, which needs a running replication.
 */
export async function smoke(
  deployed: DeployedLake,
  source: Source,
  options: SmokeOptions,
): Promise<SmokeResult[]> {
  const lake = loadLake(deployed.name);
  const client = new AthenaQueryClient((user) => athenaSession(deployed, user));
  const tenants = Object.keys(deployed.values.workgroups.tenants);
  const results: SmokeResult[] = [];
  const tried = async (what: string, attempt: () => Promise<string>): Promise<boolean> => {
    const started = Date.now();
    const [ok, found] = await attempt().then(
      (found) => [true, found] as const,
      (error: unknown) => [false, said(error, options.signal)] as const,
    );
    const result = { what, ok, found, seconds: (Date.now() - started) / 1000 };
    results.push(result);
    options.onResult?.(result);
    return ok;
  };
  await tried("grants and filters are as defined", () => grantsHold(lake, deployed));
  if (await tried("replication runs", () => replicationRuns(deployed))) {
    await tried("a change of every table gets to silver", () =>
      changesArrive(lake, deployed, source, client, options),
    );
  }
  await tried("each tenant sees its rows and no others", () => rowsHold(client, lake, tenants));
  await tried("tenants are refused bronze", () => bronzeIsClosed(client, lake, tenants));
  return results;
}

/** A failure as its result's words; an interruption and what nobody expected go on. */
function said(error: unknown, signal: AbortSignal): string {
  signal.throwIfAborted();
  if (error instanceof UserError || error instanceof QueryFailed) return error.message;
  throw error;
}

async function grantsHold(lake: Lake, deployed: DeployedLake): Promise<string> {
  const { permissions, filters, differences } = await checkGrants(lake, deployed);
  if (differences.length === 0) return `${permissions} permissions, ${filters} filters`;
  throw new UserError(
    `${differences.length} differences; ./lake grants check --stack ${deployed.environment} lists them`,
  );
}

async function replicationRuns({ values, clients, environment }: DeployedLake): Promise<string> {
  const replication = new DmsReplication(clients.dms(), clients.s3(), values.replication);
  const { status, reason } = await replication.describe();
  if (status === "running") return status;
  throw new UserError(
    `it is ${status}${reason ? ` (${reason})` : ""}; ./lake dms start --stack ${environment}`,
  );
}

/** Changes a row of each table, and has passes run until Athena sees all of the changes. */
async function changesArrive(
  { manifest }: Lake,
  { values, clients }: DeployedLake,
  source: Source,
  client: QueryClient,
  { signal, minutes, everyMs = 10_000 }: SmokeOptions,
): Promise<string> {
  const ask: Ask = async (sql) => (await client.query(sql, { user: ADMIN, signal })).rows;
  const waiting = new Map<string, TouchedRow>();
  const database = await connectSource(source);
  try {
    for (const table of manifest.tables) {
      waiting.set(table.name, await touchRow(database, ask, table));
    }
  } finally {
    await database.end();
  }
  const started = Date.now();
  const executions = new Executions(clients.sfn(), values.stateMachines);
  const passAndLook = async () => {
    await executions.untilEnded(await executions.start(), { signal, everyMs });
    for (const touched of waiting.values()) {
      if (await isApplied(ask, touched)) waiting.delete(touched.table);
    }
    return waiting;
  };
  await poll(passAndLook, ({ size }) => size === 0, {
    what: "the changes to show in silver",
    everyMs,
    timeoutMs: minutes * 60_000,
    signal,
  }).catch((error: unknown) => {
    if (!(error instanceof UserError) || waiting.size === 0) throw error;
    throw new UserError(`${[...waiting.keys()].join(", ")}: ${error.message}`);
  });
  const seconds = Math.round((Date.now() - started) / 1000);
  return `${manifest.tables.length} tables, ${seconds} s after the commit`;
}

async function rowsHold(client: QueryClient, lake: Lake, tenants: readonly string[]) {
  const { relations, rows, problems } = await checkIsolation(client, lake, tenants, "rows");
  const [first] = problems;
  if (first === undefined) {
    return `${tenants.length} tenants, ${relations} tables and models, ${rows} rows`;
  }
  throw new UserError(problems.length > 1 ? `${first}, and ${problems.length - 1} more` : first);
}

/** The lake's owners read what tenants must not: a query that nobody could run proves nothing. */
async function bronzeIsClosed(client: QueryClient, lake: Lake, tenants: readonly string[]) {
  for (const { name } of lake.manifest.tables) {
    const sql = `SELECT 1 FROM ${quoteRelation("bronze", name)} LIMIT 1`;
    await client.query(sql, { user: ADMIN });
    for (const user of tenants.map(tenantUser)) {
      const isRefused = await client.query(sql, { user }).then(
        () => false,
        (error: unknown) => {
          if (error instanceof QueryFailed) return true;
          throw error;
        },
      );
      if (!isRefused) throw new UserError(`${user} may run ${sql}`);
    }
  }
  return `${lake.manifest.tables.length} tables by ${tenants.length} tenants`;
}
