import { setTimeout as sleep } from "node:timers/promises";

import type { Client } from "pg";

import { UserError } from "../../model/errors";
import { connectSource, type Source } from "../source/connection";
import { quoteIdentifier } from "../source/identifiers";
import { type Lsn, parseLsn } from "./lsn";

/** A replication slot as the server lists it. */
export interface Slot {
  readonly name: string;
  readonly active: boolean;
  /** `reserved`, `extended`, `unreserved`, or `lost` when the server has removed WAL that it needs. */
  readonly walStatus: string;
  /** Everything before is acknowledged. */
  readonly confirmed: Lsn;
  /** WAL written since, in bytes. */
  readonly lagBytes: number;
}

/** A snapshot of the database at exactly the position where a slot begins. */
export interface Snapshot {
  readonly name: string;
  /** Transactions that commit at or after this position are not in the snapshot. */
  readonly from: Lsn;
  /** Ends the snapshot, which lives as long as its connection; transactions that use it go on. */
  readonly release: () => Promise<void>;
}

/** The slot by name, `undefined` when there is none. */
export async function findSlot(client: Client, name: string): Promise<Slot | undefined> {
  const { rows } = await client.query<Record<string, string | null>>(
    `SELECT slot_name, active, wal_status, confirmed_flush_lsn,
            pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) AS lag
     FROM pg_replication_slots WHERE slot_name = $1`,
    [name],
  );
  const row = rows[0];
  if (!row) return undefined;
  return {
    name,
    active: row.active === "t",
    walStatus: row.wal_status ?? "lost",
    confirmed: parseLsn(row.confirmed_flush_lsn ?? "0/0"),
    lagBytes: Number(row.lag ?? 0),
  };
}

/** Creates a slot for pgoutput and exports the snapshot at its beginning. */
export async function createSlot(
  source: Source,
  name: string,
  temporary: boolean,
): Promise<Snapshot> {
  const client = await connectSource(source, { replication: "database" } as object);
  try {
    const { rows } = await client.query<{ consistent_point: string; snapshot_name: string }>(
      `CREATE_REPLICATION_SLOT ${quoteIdentifier(name)} ${temporary ? "TEMPORARY " : ""}LOGICAL ` +
        `pgoutput (SNAPSHOT 'export')`,
    );
    const row = rows[0];
    if (!row) throw new Error("CREATE_REPLICATION_SLOT gave no row");
    const release = () => client.end().catch(() => undefined);
    return { name: row.snapshot_name, from: parseLsn(row.consistent_point), release };
  } catch (error) {
    await client.end().catch(() => undefined);
    throw slotError(source, error);
  }
}

/** Drops the slot, waiting while the connection of a process that died still holds it. */
export async function dropSlot(client: Client, name: string): Promise<void> {
  await waitUntilFree(client, name, () => undefined);
  await client.query(
    `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1`,
    [name],
  );
}

/** How long a slot may stay in use by a connection that nobody is at the other end of. */
const FREE_WITHIN_MS = 30_000;

/**
 * Waits until nobody uses the slot: the server notices only after a moment that a process is gone.
 * @throws UserError when it is still in use after half a minute
 */
export async function waitUntilFree(
  client: Client,
  name: string,
  onWait: () => void,
): Promise<Slot | undefined> {
  const deadline = Date.now() + FREE_WITHIN_MS;
  for (let attempt = 0; ; attempt++) {
    const slot = await findSlot(client, name);
    if (!slot?.active) return slot;
    if (Date.now() > deadline) {
      throw new UserError(
        `replication slot ${name} is in use by another connection; ` +
          `stop the other replicator (SELECT * FROM pg_stat_replication shows it)`,
      );
    }
    if (attempt === 0) onWait();
    await sleep(100);
  }
}

function slotError(source: Source, error: unknown): Error {
  const { code, message } = error as { code?: string; message: string };
  if (code === "53400" || message.includes("replication slots are in use")) {
    return new UserError(
      `${source.label} has no replication slot left; raise max_replication_slots, or drop a slot ` +
        `that nobody uses (SELECT * FROM pg_replication_slots)`,
    );
  }
  if (code === "42501") {
    return new UserError(
      `${source.user} may not create a replication slot on ${source.label}: ${message}; ` +
        `\`./lake source sql\` prints what an administrator must run`,
    );
  }
  return error as Error;
}
