import { setTimeout as sleep } from "node:timers/promises";

import type { Value } from "../analytics/query-client";
import { connectSource, type Source } from "../local/source/connection";
import { UserError } from "../model/errors";
import type { ManifestTable } from "../model/manifest";
import type { OpenTrino } from "./open-trino";
import { isApplied, touchRow } from "./touched-rows";

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
 * Measures how long a change takes from PostgreSQL to silver: touches a row and asks Trino until it is there.
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
    const touched = await touchRow(client, ask, table);
    const committed = Date.now();
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    for (let seen = false; !seen; seen = await isApplied(ask, touched)) {
      await request.nextChange(table.name, inTime).catch((error: unknown) => {
        if (signal.aborted || !inTime.aborted) throw error;
        throw new UserError(
          `a change of ${table.name} is not in silver after ${PATIENCE_MS / 1000} s; ./lake status and ./lake logs spark say more`,
        );
      });
    }
    return (Date.now() - committed) / 1000;
  }

  async function ask(sql: string): Promise<readonly (readonly Value[])[]> {
    return (await request.trino.query(sql, { signal })).rows;
  }
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
