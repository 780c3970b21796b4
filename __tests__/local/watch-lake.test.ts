import type { OpenLake } from "../../local/pipeline/open";
import { watchLake } from "../../local/pipeline/watch-lake";
import { eventually, startPostgres, table, TestLake } from "./replication-harness";

jest.setTimeout(120_000);

let server: { stop: () => Promise<void> };
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

test("a truncation is applied, though the table itself has no new file", async () => {
  const source = await TestLake.create(
    "CREATE TABLE item (id bigint PRIMARY KEY); INSERT INTO item VALUES (1)",
    [table("item", { id: "bigint" })],
  );
  const applied: (readonly string[] | undefined)[] = [];
  const pipeline = {
    initialise: async () => undefined,
    warm: async () => undefined,
    journal: { of: () => ({}) },
    silver: async (tables?: readonly string[]) => {
      applied.push(tables);
      return [];
    },
  };
  const { manifest } = source;
  const lake = { manifest, definition: { name: manifest.lake } };
  const stop = new AbortController();
  let isCaughtUp = false;
  const complete = jest.fn();
  const watching = watchLake({ lake, pipeline } as unknown as OpenLake, source.source, {
    signal: stop.signal,
    onCaughtUp: () => (isCaughtUp = true),
    onReplication: ({ event }) => event === "complete" && complete(),
  });
  await eventually(() => expect([isCaughtUp, complete.mock.calls.length]).toEqual([true, 1]));
  const before = applied.length;
  await source.client.query("TRUNCATE item");
  await eventually(() => expect(applied.slice(before)).toEqual([["item"]]));
  stop.abort();
  await watching;
  await source.close();
});
