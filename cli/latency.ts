import { setTimeout as sleep } from "node:timers/promises";

import type { Value } from "../analytics/query-client";
import { connectSource, type Source } from "../local/source/connection";
import { quoteTable } from "../local/source/identifiers";
import { inspectTables, sourceName } from "../local/source/inspect";
import { UserError } from "../model/errors";
import type { ManifestTable } from "../model/manifest";
import { quoteIdentifier, quoteLiteral, quoteRelation } from "../model/sql-quoting";
import type { OpenTrino } from "./open-trino";

/** One change and how long it took to show. */
export interface Probe {
  readonly table: string;
  /** From the commit in PostgreSQL until a query of silver through Trino sees it. */
  readonly seconds: number;
  /** Seconds from the start of the measurement to the change. */
  readonly after: number;
}

/** Latencies of some changes, in seconds. */
export interface Latencies {
  readonly changes: number;
  readonly median: number;
  readonly p95: number;
  readonly slowest: number;
}

export interface LatencyRequest {
  readonly source: Source;
  readonly trino: OpenTrino;
  readonly tables: readonly ManifestTable[];
  /** Changes to follow, one after the other, the tables in turn. */
  readonly changes: number;
  /** Pause between one change seen and the next one made (ms). */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
  readonly onProbe: (probe: Probe) => void;
  /** Resolves when a table may have changed; asking all the time would slow down what is measured. */
  readonly nextChange: (table: string, signal: AbortSignal) => Promise<void>;
}

/** How long a change may take before the measurement gives up (ms). */
const PATIENCE_MS = 120_000;

/**
 * Measures how long a change takes from PostgreSQL to silver: rewrites a row with its own values,
 * which changes nothing but is replicated like any update, and asks Trino until it is there.
 * Something else must keep the lake up meanwhile.
 */
export async function measureLatency(request: LatencyRequest): Promise<Probe[]> {
  const { source, tables, changes, pauseMs, signal, onProbe } = request;
  const client = await connectSource(source);
  const probes: Probe[] = [];
  const start = Date.now();
  try {
    while (probes.length < changes) {
      const table = tables[probes.length % tables.length] as ManifestTable;
      const after = (Date.now() - start) / 1000;
      const probe = { table: table.name, seconds: await follow(table), after };
      probes.push(probe);
      onProbe(probe);
      await sleep(pauseMs, undefined, { signal });
    }
    return probes;
  } finally {
    await client.end();
  }

  async function follow(table: ManifestTable): Promise<number> {
    const { key, before } = await touch(table);
    const committed = Date.now();
    // A row that is gone by now was deleted after this change: the change has been there.
    const stale = `SELECT count(*) FROM ${quoteRelation("silver", table.name)} WHERE ${equals(table, key)}
      AND _lw_committed_at < TIMESTAMP '${before} UTC'`;
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    for (let seen = false; !seen; seen = (await answer(stale))[0] === 0) {
      await request.nextChange(table.name, inTime).catch((error: unknown) => {
        if (signal.aborted || !inTime.aborted) throw error;
        throw new UserError(
          `a change of ${table.name} is not in silver after ${PATIENCE_MS / 1000} s; ./lake status and ./lake logs spark say more`,
        );
      });
    }
    return (Date.now() - committed) / 1000;
  }

  /** Rewrites a row that silver has; gives its key, and a time before the change. */
  async function touch(table: ManifestTable): Promise<{ key: readonly Value[]; before: string }> {
    const columns = table.key.map(quoteIdentifier).join(", ");
    const pick = `SELECT ${columns} FROM ${quoteRelation("silver", table.name)} ORDER BY random() LIMIT 1`;
    const own = { schema: table.source_schema, name: table.source_table };
    const [facts] = await inspectTables(client, [own]);
    const key = table.key.map((name) => quoteIdentifier(sourceName(facts, name)));
    const assignments = key.map((name) => `${name} = ${name}`);
    const conditions = key.map((name, i) => `${name} = $${i + 1}`);
    for (;;) {
      const values = await answer(pick);
      if (values.length === 0) throw new UserError(`silver.${table.name} has no rows to change`);
      const { rows } = await client.query<{ before: string }>(
        `UPDATE ${quoteTable(own.schema, own.name)}
         SET ${assignments.join(", ")} WHERE ${conditions.join(" AND ")}
         RETURNING (now() AT TIME ZONE 'UTC')::text AS before`,
        [...values],
      );
      if (rows[0]) return { key: values, before: rows[0].before };
    }
  }

  async function answer(sql: string): Promise<readonly Value[]> {
    return (await request.trino.query(sql, { signal })).rows[0] ?? [];
  }
}

function equals(table: ManifestTable, key: readonly Value[]): string {
  const literal = (value: Value) =>
    typeof value === "string" ? quoteLiteral(value) : String(value);
  return table.key
    .map((name, i) => `${quoteIdentifier(name)} = ${literal(key[i] ?? null)}`)
    .join(" AND ");
}

/** What the changes of a span of the measurement took. */
export function latencies(probes: readonly Probe[]): Latencies {
  const seconds = probes.map((probe) => probe.seconds);
  return {
    changes: seconds.length,
    median: quantile(seconds, 0.5),
    p95: quantile(seconds, 0.95),
    slowest: quantile(seconds, 1),
  };
}

/** The value below which this share of the values lies, 0 to 1 (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
