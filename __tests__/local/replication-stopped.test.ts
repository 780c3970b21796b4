import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { reload } from "../../local/replication/reload";
import { pendingRequests, requestReload } from "../../local/replication/requests";
import { readState } from "../../local/replication/state";
import { replicationStatus } from "../../local/replication/status";
import { eventually, startPostgres, table, TestLake } from "./replication-harness";

jest.setTimeout(120_000);

let server: { stop: () => Promise<void> };
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const TABLES = `CREATE TABLE item (id bigint PRIMARY KEY, n integer);
  CREATE TABLE other (id bigint PRIMARY KEY, n integer);
  INSERT INTO item VALUES (1, 1); INSERT INTO other VALUES (1, 1)`;
const COLUMNS = ["id", "n"];
const item = (columns = {}) => table("item", { id: "bigint", n: "int", ...columns });
const other = () => table("other", { id: "bigint", n: "int" });

/** Both tables change, item in a way that comes after what cannot be represented. */
const changeBoth = (lake: TestLake, id: number) =>
  lake.client.query(
    `INSERT INTO item (id, n) VALUES (${id}, ${id}); INSERT INTO other VALUES (${id}, ${id})`,
  );

const state = (lake: TestLake, name: string) => readState(lake.paths.replication)?.tables[name];

function stops(lake: TestLake): string[] {
  return lake.events.flatMap((each) =>
    each.event === "stopped" ? [`${each.table}: ${each.reason}`] : [],
  );
}

const isComplete = (lake: TestLake, name: string, epoch: number) =>
  existsSync(join(lake.paths.bronze, `e000${epoch}/public/${name}/_LOAD_COMPLETE`));

async function expectEqual(lake: TestLake, name: string, columns = COLUMNS): Promise<void> {
  expect(await lake.reduced(name, columns)).toEqual(await lake.inSource(name, columns));
}

/** Reloads item here, by the lake's definition of now. */
const reloadItem = ({ manifest, paths, source }: TestLake) =>
  reload({ manifest, paths, source, tables: ["item"], settings: { batchMs: 50 } });

const UNDECLARED = /^item: column weight of public.item is numeric: no precision .* Declare one/;

test("a column that cannot be represented stops its table alone, until a reload", async () => {
  const lake = await TestLake.create(TABLES, [item(), other()]);
  await lake.during(async () => {
    await lake.until("complete");
    await lake.client.query("INSERT INTO item VALUES (2, 2)");
    await lake.client.query("ALTER TABLE item ADD weight numeric");
    await changeBoth(lake, 3);
    await eventually(() => expect(stops(lake)).toEqual([expect.stringMatching(UNDECLARED)]));
    await changeBoth(lake, 4);
  });
  const { stopped } = await lake.once();
  expect(stopped).toEqual([{ table: "item", reason: state(lake, "item")?.stopped }]);
  expect(stops(lake)).toHaveLength(2);
  await expectEqual(lake, "other");
  expect(await lake.reduced("item", COLUMNS)).toEqual([
    ["1", "1"],
    ["2", "2"],
  ]);
  const status = await replicationStatus(lake.manifest, lake.paths, lake.source);
  expect(status?.tables.map((each) => [each.table, each.stopped])).toEqual([
    ["item", stopped[0]?.reason],
    ["other", undefined],
  ]);

  await expect(reloadItem(lake)).rejects.toThrow(
    /^stopped again, for the lake cannot represent it:\n {2}- item: column weight/,
  );
  expect(isComplete(lake, "item", 2)).toBe(false);
  lake.manifest.tables[0] = item({ weight: "decimal(6,2)" });
  expect((await lake.once()).stopped).toHaveLength(1);
  expect((await reloadItem(lake))?.stopped).toEqual([]);
  await changeBoth(lake, 5);
  await lake.once();
  await expectEqual(lake, "item");
  await expectEqual(lake, "other");
  await lake.close();
});

test("a running replicator says to whoever asked for a reload that the table is stopped", async () => {
  const lake = await TestLake.create(TABLES, [item(), other()]);
  await lake.during(async () => {
    await lake.client.query("ALTER TABLE item ADD weight numeric");
    await expect(reloadItem(lake)).rejects.toThrow(
      new RegExp(`item: column weight .*\nProcess ${process.pid} goes by the definition`),
    );
    expect(pendingRequests(lake.paths.replication)).toEqual([]);
    await changeBoth(lake, 2);
  });
  await lake.once();
  await expectEqual(lake, "other");
  await lake.close();
});

/** The WAL holds an update that leaves a large value out. */
async function leaveOutLargeValue(lake: TestLake): Promise<void> {
  await lake.client.query(
    "ALTER TABLE item ADD body text; ALTER TABLE item ALTER body SET STORAGE EXTERNAL",
  );
  await lake.client.query("UPDATE item SET body = repeat('x', 20000)");
  await lake.client.query("UPDATE item SET n = 2");
  await changeBoth(lake, 3);
}

test("a large value that an update left out stops its table alone, until a reload", async () => {
  const lake = await TestLake.create(TABLES, [item(), other()]);
  await lake.once();
  await leaveOutLargeValue(lake);
  const { stopped } = await lake.once();
  expect(stopped).toEqual([
    { table: "item", reason: expect.stringContaining("leaves out a large value") as string },
  ]);
  await expectEqual(lake, "other");
  expect((await lake.once()).stopped).toEqual(stopped);
  requestReload(lake.paths.replication, ["item"]);
  expect((await lake.once()).stopped).toEqual([]);
  await lake.client.query("UPDATE item SET n = 5");
  await lake.once();
  await expectEqual(lake, "item", ["id", "n", "body"]);
  await lake.close();
});

test("what cannot be represented but is in the load that follows stops nothing", async () => {
  const lake = await TestLake.create(TABLES, [item(), other()]);
  await lake.once();
  await leaveOutLargeValue(lake);
  const path = join(lake.paths.replication, "state.json");
  const unfinished = readFileSync(path, "utf8").replace('"complete"', '"loading"');
  writeFileSync(path, unfinished);
  expect(state(lake, "item")?.status).toBe("loading");
  await lake.once();
  expect(stops(lake)).toEqual([]);
  await expectEqual(lake, "item", ["id", "n", "body"]);
  await lake.close();
});

const REFUSED = "row with id = 3: weight is 12345.5, which does not fit decimal(4,2)";

test("a value that the declared type cannot hold stops its table before it", async () => {
  const lake = await TestLake.create(
    `${TABLES}; ALTER TABLE item ADD weight numeric; UPDATE item SET weight = 1`,
    [item({ weight: "decimal(4,2)" }), other()],
  );
  await lake.once();
  await lake.client.query("INSERT INTO item VALUES (2, 2, 2)");
  await lake.once();
  await lake.client.query("INSERT INTO item VALUES (3, 3, 12345.5)");
  await changeBoth(lake, 4);
  const { stopped } = await lake.once({ maxRowsPerFile: 1 });
  expect(stopped).toEqual([{ table: "item", reason: expect.stringContaining(REFUSED) as string }]);
  await changeBoth(lake, 5);
  await lake.once();
  await expectEqual(lake, "other");
  expect(await lake.reduced("item", COLUMNS)).toEqual([
    ["1", "1"],
    ["2", "2"],
  ]);
  lake.manifest.tables[0] = item({ weight: "decimal(8,2)" });
  await reloadItem(lake);
  await expectEqual(lake, "item");
  await lake.close();
});

test.each([
  ["its columns", "ALTER TABLE item ADD weight numeric", item(), "is numeric: no precision"],
  [
    "a value",
    "ALTER TABLE item ADD weight numeric; INSERT INTO item SELECT i, i, 1 FROM generate_series(4, 5000) i; INSERT INTO item VALUES (3, 3, 12345.5)",
    item({ weight: "decimal(4,2)" }),
    REFUSED,
  ],
])(
  "a full load leaves out a table of which it cannot represent %s",
  async (_, sql, own, reason) => {
    const lake = await TestLake.create(`${TABLES}; ${sql}`, [own, other()]);
    const { stopped } = await lake.once({ parallelLoads: 1, loadRowsPerFile: 500 });
    expect(stopped).toEqual([{ table: "item", reason: expect.stringContaining(reason) as string }]);
    expect([isComplete(lake, "item", 1), isComplete(lake, "other", 1)]).toEqual([false, true]);
    await changeBoth(lake, 6000);
    await lake.once();
    await expectEqual(lake, "other");
    lake.manifest.tables[0] = item({ weight: "decimal(8,2)" });
    await reloadItem(lake);
    expect(state(lake, "item")).toMatchObject({ status: "complete" });
    await expectEqual(lake, "item");
    await lake.close();
  },
);

describe("a replica identity that is changed while a replicator runs", () => {
  const keyed = () => table("item", { id: "bigint", n: "int" }, { key: ["n"] });
  const identity = async (lake: TestLake) => {
    const { rows } = await lake.client.query<{ relreplident: string }>(
      "SELECT relreplident FROM pg_class WHERE relname = 'item'",
    );
    return rows[0]?.relreplident;
  };

  test("is mended where the source may be prepared", async () => {
    const lake = await TestLake.create(TABLES, [keyed(), other()]);
    await lake.during(async () => {
      await lake.until("complete");
      expect(await identity(lake)).toBe("f");
      await lake.client.query("ALTER TABLE item REPLICA IDENTITY DEFAULT");
      await eventually(async () => expect(await identity(lake)).toBe("f"));
    });
    expect(stops(lake)).toEqual([]);
    await lake.close();
  });

  test("stops the table where it may not, for its deletes no longer name the key", async () => {
    const lake = await TestLake.create(TABLES, [keyed(), other()]);
    await lake.once();
    const stop = new AbortController();
    const seen = lake.events.length;
    const running = lake.replicate("continuous", stop.signal, {}, lake.source, false);
    await lake.until("streaming", seen);
    await lake.client.query("ALTER TABLE item REPLICA IDENTITY DEFAULT");
    await eventually(() =>
      expect(stops(lake)).toEqual([
        "item: public.item has REPLICA IDENTITY DEFAULT, by which its changes do not name the key " +
          "(n). Run what `./lake source sql` prints",
      ]),
    );
    expect(lake.notices().filter((text) => text.includes("and needs FULL"))).toHaveLength(1);
    await lake.client.query("INSERT INTO other VALUES (2, 2)");
    stop.abort();
    await running;
    await lake.once();
    await expectEqual(lake, "other");
    await lake.close();
  });
});
