import type { Client } from "pg";

import { sampleSource } from "../../lakes/saas/source";
import type { SampleOptions } from "../../lakes/sample-source";
import { seed, type SeedProgress, type SeedRequest } from "../../local/source/seed";
import { startTestServer, type TestServer } from "../postgres-server";

const OPTIONS: SampleOptions = {
  scale: "small",
  months: 3,
  tenants: 4,
  seed: 5,
  until: new Date("2026-11-21T00:00:00Z"),
};
const FOREIGN_KEYS = 22;
const CORE_TABLES = sampleSource.tables.filter((table) => table.startsWith("core_"));

let server: TestServer;
let client: Client;
let database = 0;

jest.setTimeout(60_000);

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

beforeEach(async () => {
  const name = `seed_${++database}`;
  const admin = await server.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  client = await server.connect(name);
});
afterEach(() => client.end());

function request(change: Partial<SeedRequest> = {}): SeedRequest {
  return { client, sample: sampleSource, options: OPTIONS, existing: "fill-empty", ...change };
}

async function value(sql: string): Promise<string> {
  const { rows } = await client.query<{ value: string }>(`SELECT (${sql})::text AS value`);
  return rows[0]?.value as string;
}

/** Every row of every table, in one hash of the database's own. */
async function contents(): Promise<string> {
  const hashes: string[] = [];
  for (const table of sampleSource.tables) {
    hashes.push(
      await value(`SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM ${table} t`),
    );
  }
  return hashes.join();
}

const indexes = () =>
  value(
    "SELECT string_agg(indexname, ',' ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'public'",
  );
const foreignKeys = () =>
  value("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated");

test("an empty database gets the tables, their rows, keys and indexes", async () => {
  const progress: SeedProgress[] = [];
  const result = await seed(request({ onProgress: (one) => progress.push(one) }));
  expect(result.recreated).toBe(false);
  expect(result.rows).toMatchObject({ core_tenant: 4, core_order: 1_600, core_event: 10_000 });
  for (const table of sampleSource.tables) {
    expect(await value(`SELECT count(*) FROM ${table}`)).toBe(String(result.rows[table]));
    expect(progress).toContainEqual({
      phase: "rows",
      table,
      rows: result.rows[table],
      total: result.rows[table],
    });
  }
  expect(progress.at(-1)).toEqual({ phase: "constraints", done: 33, total: 33 });
  expect(await foreignKeys()).toBe(String(FOREIGN_KEYS));
  expect(await indexes()).toContain("core_event_tenant_id_occurred_at_idx");

  const untouched = await server.connect("template1");
  await untouched.query("CREATE DATABASE seed_reference");
  await untouched.end();
  const reference = await server.connect("seed_reference");
  const { readFile } = await import("node:fs/promises");
  await reference.query(await readFile(sampleSource.schemaFile, "utf8"));
  const { rows } = await reference.query<{ names: string }>(
    "SELECT string_agg(indexname, ',' ORDER BY indexname) AS names FROM pg_indexes WHERE schemaname = 'public'",
  );
  await reference.end();
  expect(await indexes()).toBe(rows[0]?.names);
});

test("the application's own inserts go on after the highest id", async () => {
  const { rows } = await seed(request());
  for (const table of CORE_TABLES) {
    const next = await value(`SELECT nextval(pg_get_serial_sequence('${table}', 'id'))`);
    expect(next).toBe(String((rows[table] as number) + 1));
  }
});

test("data that is there is refused unless it is to be replaced, which gives the same again", async () => {
  await seed(request());
  const first = await contents();
  await expect(seed(request())).rejects.toThrow(
    "the source holds data already (table core_invoice); seed with --clean to delete it and start over",
  );
  expect(await contents()).toBe(first);

  const result = await seed(request({ existing: "replace", options: { ...OPTIONS, seed: 6 } }));
  expect(result.recreated).toBe(false);
  expect(await contents()).not.toBe(first);
  await seed(request({ existing: "replace" }));
  expect(await contents()).toBe(first);
});

test("replacing keeps publication, replica identity and columns that were added", async () => {
  await seed(request());
  await client.query("CREATE PUBLICATION lake FOR TABLE core_order, core_event");
  await client.query("ALTER TABLE core_order REPLICA IDENTITY FULL");
  await client.query("ALTER TABLE core_order ADD COLUMN note text");
  await seed(request({ existing: "replace" }));
  expect(
    await value("SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_publication_tables"),
  ).toBe("core_event,core_order");
  expect(await value("SELECT relreplident FROM pg_class WHERE relname = 'core_order'")).toBe("f");
  expect(await foreignKeys()).toBe(String(FOREIGN_KEYS));
});

test("tables of another shape are named, and made anew only when asked", async () => {
  await seed(request());
  await client.query("ALTER TABLE core_order RENAME COLUMN coupon_code TO coupon");
  await expect(seed(request())).rejects.toThrow(
    "the source's tables are not those of the sample: core_order has no column coupon_code; seed with --clean to drop them and start over",
  );
  expect((await seed(request({ existing: "replace" }))).recreated).toBe(true);
  expect(await value("SELECT count(coupon_code) > 0 FROM core_order")).toBe("true");
});

test("a database of somebody else's is never touched", async () => {
  await client.query("CREATE TABLE core_order (id int); INSERT INTO core_order VALUES (7)");
  await expect(seed(request({ existing: "refuse" }))).rejects.toThrow(
    /has the table core_order already/,
  );
  expect(await value("SELECT string_agg(id::text, ',') FROM core_order")).toBe("7");
  expect(await value("SELECT count(*) FROM pg_class WHERE relname = 'core_tenant'")).toBe("0");
});

test("an interrupted seed leaves the database as it was, and the connection usable", async () => {
  const controller = new AbortController();
  const interrupted = seed(
    request({
      signal: controller.signal,
      onProgress: (progress) => {
        if (progress.phase === "rows" && progress.table === "core_event" && progress.rows > 0) {
          controller.abort();
        }
      },
    }),
  );
  await expect(interrupted).rejects.toThrow(/abort/i);
  expect(await value("SELECT count(*) FROM pg_class WHERE relname LIKE 'core%'")).toBe("0");
  await seed(request());
  expect(await value("SELECT count(*) FROM core_event")).toBe("10000");
});

test("an error while loading leaves the data that was there", async () => {
  await seed(request());
  const before = await contents();
  await client.query(
    "ALTER TABLE core_event ADD CONSTRAINT narrow CHECK (device <> 'tablet') NOT VALID",
  );
  await expect(seed(request({ existing: "replace" }))).rejects.toThrow(/narrow/);
  expect(await contents()).toBe(before);
  expect(await foreignKeys()).toBe(String(FOREIGN_KEYS));
});
