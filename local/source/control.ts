import type { Client } from "pg";

import type { Manifest } from "../../model/manifest";
import { quoteTable } from "./identifiers";

/**
 * Writes to the heartbeat table, so that an idle source's write-ahead log can be released.
 * @returns the moment written, in PostgreSQL's text: it comes back through the stream, after all
 * that was committed before
 */
export async function beat(client: Client, { control }: Manifest): Promise<string> {
  const { rows } = await client.query<{ beat_at: string }>(
    `INSERT INTO ${quoteTable(control.schema, control.heartbeat)} AS h (id, beat_at)
     VALUES (1, clock_timestamp())
     ON CONFLICT (id) DO UPDATE SET beat_at = greatest(clock_timestamp(), h.beat_at + interval '1us')
     RETURNING beat_at`,
  );
  const row = rows[0];
  if (!row) throw new Error("the heartbeat table gave no row back");
  return row.beat_at;
}
