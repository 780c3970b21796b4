import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Client } from "pg";

import { dropForeignSlot, foreignSlot } from "../../local/replication/foreign-slots";
import { identifySource } from "../../local/replication/source-check";
import { newState, writeState } from "../../local/replication/state";
import { connectSource, parseSource, type Source } from "../../local/source/connection";
import { startTestServer, type TestServer } from "../postgres-server";

jest.setTimeout(120_000);

let server: TestServer;
let client: Client;
let folder: string;
/** The test server as somebody else's. */
let source: Source;
let password: string;

beforeAll(async () => {
  server = await startTestServer();
  const { user, port, password: own } = server.source().config;
  password = own as string;
  source = parseSource(`postgres://${user}@localhost:${port}/postgres`, { PGPASSWORD: password });
  client = await connectSource(source);
});
afterAll(async () => {
  await client.end();
  await server.stop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lakewright-slots-"));
});
afterEach(() => {
  delete process.env.LAKEWRIGHT_SOURCE;
  delete process.env.PGPASSWORD;
  rmSync(folder, { recursive: true });
});

async function slots(): Promise<string[]> {
  const { rows } = await client.query<{ slot_name: string }>(
    "SELECT slot_name FROM pg_replication_slots",
  );
  return rows.map(({ slot_name }) => slot_name);
}

/** A lake that has replicated the source; gives its slot. */
async function replicated(from: Source): Promise<string> {
  const state = newState("saas", await identifySource(client, from));
  await writeState(folder, state);
  await client.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [state.slot]);
  return state.slot;
}

test.each([
  ["PGPASSWORD", () => (process.env.PGPASSWORD = password)],
  [
    "LAKEWRIGHT_SOURCE",
    () => (process.env.LAKEWRIGHT_SOURCE = source.label.replace("@", `:${password}@`)),
  ],
])("a lake's slot on a server of others is dropped, its password from %s", async (_, give) => {
  const name = await replicated(source);
  expect(foreignSlot(folder)).toMatchObject({ name, label: source.label, database: "postgres" });
  give();
  await dropForeignSlot(foreignSlot(folder)!);
  expect(await slots()).toEqual([]);
});

test("no other server's slot is dropped", async () => {
  const name = await replicated(source);
  process.env.PGPASSWORD = password;
  const slot = { ...foreignSlot(folder)!, system: "7" };
  await expect(dropForeignSlot(slot)).rejects.toThrow(
    `${source.label} is another database than the one that was replicated`,
  );
  expect(await slots()).toEqual([name]);
  await client.query("SELECT pg_drop_replication_slot($1)", [name]);
});

test("the embedded server's slots go with it", async () => {
  const name = await replicated(server.source());
  expect(foreignSlot(folder)).toBeUndefined();
  await client.query("SELECT pg_drop_replication_slot($1)", [name]);
});
