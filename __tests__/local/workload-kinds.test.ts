import type { Client } from "pg";

import { lakeNames } from "../../lakes/load";
import { Random } from "../../lakes/sample-random";
import { loadSampleSource } from "../../lakes/sample-source";
import { seed } from "../../local/source/seed";
import { randomChanges } from "../../local/source/workload";
import { startTestServer, type TestServer } from "../postgres-server";

let server: TestServer;

jest.setTimeout(120_000);

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** A fresh database with the lake's sample. */
async function seeded(lake: string): Promise<Client> {
  const admin = await server.connect();
  await admin.query(`CREATE DATABASE ${lake}`);
  await admin.end();
  const client = await server.connect(lake);
  const options = { scale: "small", months: 2, tenants: 3, seed: 1 } as const;
  await seed({
    client,
    sample: loadSampleSource(lake),
    existing: "fill-empty",
    options: { ...options, until: new Date("2026-01-01") },
  });
  return client;
}

test.each(lakeNames())(
  "changes of %s are of every kind, break no constraint and count every changed row",
  async (lake) => {
    const sample = loadSampleSource(lake);
    const client = await seeded(lake);
    // The database's own statistics count inserts, updates and deletes, cascades included.
    await client.query("SELECT pg_stat_force_next_flush()");
    await client.query("SELECT pg_stat_reset()");
    const tally = await randomChanges(client, new Random(1), 6_000, { sample });
    expect(Object.keys(tally.kinds).sort()).toEqual(
      sample.activities.map(({ kind }) => kind).sort(),
    );
    expect(tally.conflicts).toBe(0);
    await client.query("SELECT pg_stat_force_next_flush()");
    const { rows } = await client.query<{ changed: string }>(
      "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::text AS changed FROM pg_stat_user_tables",
    );
    expect(rows).toEqual([{ changed: String(tally.rows) }]);
    await client.end();
  },
);
