import type { Client } from "pg";

import { sampleSource } from "../../lakes/saas/source";
import { Random } from "../../lakes/sample-random";
import { seed } from "../../local/source/seed";
import { randomChanges, runWorkload, type Tally } from "../../local/source/workload";
import { startTestServer, type TestServer } from "../postgres-server";

let server: TestServer;
let client: Client;

jest.setTimeout(60_000);

beforeAll(async () => {
  server = await startTestServer();
  const origin = await server.connect("postgres");
  await origin.query("CREATE DATABASE origin");
  await origin.end();
  const loader = await server.connect("origin");
  await seed({
    client: loader,
    sample: sampleSource,
    existing: "fill-empty",
    options: { scale: "small", months: 2, tenants: 3, seed: 1, until: new Date("2026-01-01") },
  });
  await loader.end();
});
afterAll(() => server.stop());

beforeEach(async () => {
  client = await copyOfOrigin("work");
});
afterEach(() => client.end());

/** A connection to a fresh copy of the seeded database. */
async function copyOfOrigin(name: string): Promise<Client> {
  const admin = await server.connect();
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${name} TEMPLATE origin`);
  await admin.end();
  return server.connect(name);
}

async function value(sql: string): Promise<string> {
  const { rows } = await client.query<{ value: string }>(`SELECT (${sql})::text AS value`);
  return rows[0]?.value as string;
}

async function contents(from: Client): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const table of sampleSource.tables) {
    const { rows } = await from.query<{ hash: string }>(
      `SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) AS hash FROM ${table} t`,
    );
    hashes[table] = rows[0]?.hash as string;
  }
  return hashes;
}

/** Makes changes of one kind and gives their tally. */
async function changesOf(kind: string, rows: number): Promise<Tally> {
  return randomChanges(client, new Random(kind), rows, { kinds: [kind] });
}

describe("random changes", () => {
  test("of the same seed make the same data", async () => {
    const first = await randomChanges(client, new Random(11), 600);
    const expected = await contents(client);
    const other = await copyOfOrigin("other");
    expect(await randomChanges(other, new Random(11), 600)).toEqual(first);
    expect(await contents(other)).toEqual(expected);
    await randomChanges(other, new Random(12), 10);
    expect(await contents(other)).not.toEqual(expected);
    await other.end();
  });

  test("take no more from the shelves than there is", async () => {
    await randomChanges(client, new Random(1), 3_000);
    expect(await value("SELECT count(*) FROM core_product WHERE stock_quantity < 0")).toBe("0");
  });

  test("leave every row with the tenant of what it belongs to", async () => {
    expect(
      (await changesOf("move_customer", 400)).kinds.move_customer?.transactions,
    ).toBeGreaterThan(5);
    await randomChanges(client, new Random(2), 2_000);
    for (const [child, parent, column] of [
      ["core_order", "core_customer", "customer_id"],
      ["core_orderitem", "core_order", "order_id"],
      ["core_orderitem", "core_product", "product_id"],
      ["core_event", "core_customer", "customer_id"],
      ["core_subscription", "core_customer", "customer_id"],
      ["core_invoice", "core_customer", "customer_id"],
    ]) {
      const astray = `SELECT count(*) FROM ${child} c JOIN ${parent} p ON p.id = c.${column} WHERE c.tenant_id <> p.tenant_id`;
      expect({ child, parent, astray: await value(astray) }).toEqual({
        child,
        parent,
        astray: "0",
      });
    }
  });

  test("end with a clear sentence when there is nothing to change", async () => {
    await client.query(`TRUNCATE ${sampleSource.tables.join()}`);
    await expect(randomChanges(client, new Random(1), 10)).rejects.toThrow(
      "the workload found nothing to change in 200 attempts; is the source seeded? Run ./lake seed",
    );
  });
});

describe("a kind of change", () => {
  test("place_order writes order, items and events that agree", async () => {
    const before = await value("SELECT max(id) FROM core_order");
    await changesOf("place_order", 60);
    const orders = await value(`SELECT count(*) FROM core_order WHERE id > ${before}`);
    expect(Number(orders)).toBeGreaterThan(2);
    expect(
      await value(`SELECT count(*) FROM core_order o WHERE id > ${before} AND status = 'pending' AND
        total_amount = subtotal - discount_amount + tax_amount + shipping_amount AND subtotal =
        (SELECT sum(line_total) FROM core_orderitem i WHERE i.order_id = o.id) AND 1 =
        (SELECT count(*) FROM core_event e WHERE e.event_type = 'purchase' AND
          e.metadata = format('{"order_id":%s,"value":"%s"}', o.id, o.total_amount))`),
    ).toBe(orders);
  });

  test("renumber_order takes the items along, also to keys that only 64 bits hold", async () => {
    const orders = await value("SELECT count(*) FROM core_order");
    await changesOf("renumber_order", 60);
    expect(await value("SELECT count(*) FROM core_order")).toBe(orders);
    expect(await value("SELECT count(*) FROM core_orderitem")).toBe("4800");
    expect(
      Number(await value("SELECT count(*) FROM core_order WHERE id > 9007199254740992")),
    ).toBeGreaterThan(0);
  });

  test("reinsert_order leaves the order and its items as they were but for the time", async () => {
    const state = `SELECT md5(string_agg((to_jsonb(o) - 'updated_at')::text, '' ORDER BY id)) FROM core_order o`;
    const items = `SELECT md5(string_agg(i::text, '' ORDER BY id)) FROM core_orderitem i`;
    const before = [await value(state), await value(items)];
    const tally = await changesOf("reinsert_order", 30);
    expect(tally.rows % 2).toBe(0);
    expect([await value(state), await value(items)]).toEqual(before);
  });

  test("write_large_document stores out of line, touch_large_document leaves it alone", async () => {
    await changesOf("write_large_document", 12);
    const large = `SELECT string_agg(md5(metadata::text), ',' ORDER BY id) FROM
      (SELECT id, metadata FROM core_order UNION ALL SELECT id, metadata FROM core_customer) t
      WHERE length(metadata::text) > 20000`;
    const before = await value(large);
    expect(before.split(",").length).toBeGreaterThan(5);
    const { rows } = await changesOf("touch_large_document", 10);
    expect(rows).toBe(10);
    expect(await value(large)).toBe(before);
  });

  test("spoil_row breaks rows that mend_row puts right", async () => {
    const broken = `SELECT (SELECT count(*) FROM core_product WHERE price < 0)
      + (SELECT count(*) FROM core_orderitem WHERE quantity < 0)
      + (SELECT count(*) FROM core_customer WHERE email LIKE '%.at.%')`;
    const before = Number(await value(broken));
    await changesOf("spoil_row", 60);
    const spoilt = Number(await value(broken));
    expect(spoilt).toBeGreaterThan(before);
    await changesOf("mend_row", 60);
    expect(Number(await value(broken))).toBeLessThan(spoilt);
  });

  test("change_plan ends one subscription and starts the next", async () => {
    const before = await value("SELECT max(id) FROM core_subscription");
    await changesOf("change_plan", 10);
    expect(
      await value(`SELECT count(*) FROM core_subscription n JOIN core_subscription p ON p.id = n.previous_subscription_id
        WHERE n.id > ${before} AND p.status = 'upgraded' AND p.ended_at IS NOT NULL AND n.plan <> p.plan
          AND n.customer_id = p.customer_id`),
    ).toBe("5");
  });

  test("insert_and_delete leaves nothing", async () => {
    const before = await contents(client);
    expect((await changesOf("insert_and_delete", 8)).kinds.insert_and_delete).toEqual({
      transactions: 4,
      rows: 8,
    });
    expect(await contents(client)).toEqual(before);
  });
});

describe("a workload", () => {
  test("keeps its rate and its time", async () => {
    const seen: Tally[] = [];
    const tally = await runWorkload({
      connection: server.source("work"),
      rate: 40,
      seconds: 3,
      seed: 1,
      onProgress: (one) => seen.push(one),
    });
    expect(tally.seconds).toBeGreaterThan(2.9);
    expect(tally.seconds).toBeLessThan(8);
    // One transaction may overshoot the rate by what it changes.
    expect(tally.rows).toBeGreaterThan(60);
    expect(tally.rows).toBeLessThan(240);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.at(-1)).toEqual(tally);
  });

  test("ends soon after its signal with everything committed", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 700);
    const tally = await runWorkload({
      connection: server.source("work"),
      rate: 20,
      seconds: 60,
      seed: 2,
      signal: controller.signal,
    });
    expect(tally.seconds).toBeLessThan(10);
    expect(tally.transactions).toBeGreaterThan(0);
    expect(
      await value(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = 'work' AND state LIKE 'idle in%'",
      ),
    ).toBe("0");
  });

  test("survives another one on the same rows", async () => {
    const play = (seed: number) =>
      runWorkload({ connection: server.source("work"), rate: 400, seconds: 3, seed });
    const [one, other] = await Promise.all([play(1), play(1)]);
    expect(one.rows).toBeGreaterThan(100);
    expect(other.rows).toBeGreaterThan(100);
    expect(await value("SELECT count(*) FROM core_product WHERE stock_quantity < 0")).toBe("0");
  });
});
