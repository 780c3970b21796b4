import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { newestChangeFile } from "../../local/replication/bronze";
import { pendingRequests, requestReload } from "../../local/replication/requests";
import { readState } from "../../local/replication/state";
import { connectSource } from "../../local/source/connection";
import { eventually, startPostgres, table, TestLake } from "./replication-harness";

jest.setTimeout(300_000);

let server: { stop: () => Promise<void> };
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const COLUMNS = ["id", "n", "note"];
const ITEM = "CREATE TABLE item (id bigint PRIMARY KEY, n integer, note text)";
const OTHER = "CREATE TABLE other (id bigint PRIMARY KEY, n integer)";
const item = () => table("item", { id: "bigint", n: "int", note: "string" });
const other = () => table("other", { id: "bigint", n: "int" });

/** Every kind of change, to keys that collide often. */
async function changeAtRandom(lake: TestLake, until: () => boolean): Promise<number> {
  const client = await connectSource(lake.source);
  const key = () => 1 + Math.floor(Math.random() * 200);
  let transactions = 0;
  for (; !until(); transactions++) {
    const dice = Math.random();
    if (dice < 0.03) await client.query("TRUNCATE item");
    else if (dice < 0.3) await client.query("DELETE FROM item WHERE id = $1", [key()]);
    else if (dice < 0.4) {
      const to = `(SELECT max(id) + 1 FROM item)`;
      await client.query(`UPDATE item SET id = ${to} WHERE id = $1`, [key()]);
    } else if (dice < 0.45) {
      const rows = `SELECT i, 1, repeat(md5(i::text), 100) FROM generate_series(1, 1200) i`;
      await client.query(`INSERT INTO item ${rows} ON CONFLICT (id) DO UPDATE SET n = item.n + 1`);
    } else {
      await client.query(
        `BEGIN; DELETE FROM item WHERE id = ${key()};
         INSERT INTO item VALUES (${key()}, ${transactions}, 'new') ON CONFLICT (id) DO UPDATE SET n = 0;
         UPDATE item SET n = n + 1 WHERE id = ${key()}; COMMIT`,
      );
    }
    await client.query("INSERT INTO other VALUES ($1, 1)", [transactions]);
  }
  await client.end();
  return transactions;
}

async function expectEqual(lake: TestLake): Promise<void> {
  expect(await lake.reduced("item", COLUMNS)).toEqual(await lake.inSource("item", COLUMNS));
  expect(await lake.reduced("other", ["id", "n"])).toEqual(
    await lake.inSource("other", ["id", "n"]),
  );
}

interface StartedReplicator {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<unknown>;
}

/** @param killAfter how many files of the full load it lives to write */
function startReplicator(lake: TestLake, killAfter = Infinity): StartedReplicator {
  const tsx = createRequire(__filename).resolve("tsx");
  const { bronze, replication } = lake.paths;
  const script = join(__dirname, "fixtures/replicate.ts");
  const args = [lake.manifestFile(), bronze, replication, lake.source.database];
  const command = ["--import", tsx, script, ...args];
  const child = spawn(process.execPath, command, { env: process.env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      output += data.toString();
      if (output.split(`"event":"load"`).length > killAfter) child.kill("SIGKILL");
    });
  }
  const exited = new Promise((resolve) => child.once("exit", resolve));
  return { child, output: () => output, exited };
}

test("killed at any moment and started again, it loses nothing", async () => {
  const lake = await TestLake.create(
    `${ITEM}; ${OTHER}; INSERT INTO other SELECT -i, i FROM generate_series(1, 60000) i`,
    [item(), other()],
  );
  let over = false;
  const work = changeAtRandom(lake, () => over);
  let killedInLoad = 0;
  for (let kill = 0; kill < 9; kill++) {
    // The first ones die in the full load, after a random one of its files, the others later.
    const killAfter = kill < 4 ? 1 + Math.floor(Math.random() * 10) : Infinity;
    const { child, output, exited } = startReplicator(lake, killAfter);
    const alive = eventually(() => expect(output()).toContain(`"event":"written"`));
    await Promise.race([exited, alive.then(() => sleep(Math.random() * 1500))]);
    alive.catch(() => undefined);
    child.kill("SIGKILL");
    await exited;
    if (!readState(lake.paths.replication)?.streaming) killedInLoad++;
  }
  over = true;
  expect(await work).toBeGreaterThan(100);
  expect(killedInLoad).toBeGreaterThan(0);
  // What a kill in the middle of a file leaves, also where the random ones above left nothing.
  for (const table of ["public/item", "lakewright/truncation", "lakewright/heartbeat"]) {
    const folder = join(lake.paths.bronze, "e0001", table);
    const today = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
    const newest = dirname(newestChangeFile(folder) ?? join(folder, today, "first"));
    mkdirSync(newest, { recursive: true });
    writeFileSync(join(newest, ".20260101-000000000.parquet.draft"), "");
    writeFileSync(join(folder, ".LOAD00000001.parquet.draft"), "");
  }
  await lake.once();
  await expectEqual(lake);
  const drafts = readdirSync(lake.paths.bronze, { recursive: true }).filter((name) =>
    String(name).endsWith(".draft"),
  );
  expect(drafts).toEqual([]);
  await lake.close();
});

test("a transaction larger than a file goes over several, in the order of their names", async () => {
  const lake = await TestLake.create(ITEM, [item()]);
  await lake.once();
  await lake.client.query(
    "BEGIN; INSERT INTO item SELECT i, 0, 'x' FROM generate_series(1, 2500) i; UPDATE item SET n = id; COMMIT",
  );
  await lake.once({ maxRowsPerFile: 1_000, maxBufferedBytes: 50_000 });
  const files = lake.files("item").filter((name) => !name.startsWith("LOAD"));
  expect(files.length).toBeGreaterThanOrEqual(5);
  const order = await lake.bronze(
    "item",
    `SELECT count(*), max(rows), bool_and(coalesce(start > earlier, true)) FROM (
       SELECT count(*) AS rows, min(dms_change_seq) AS start, lag(max(dms_change_seq)) OVER (ORDER BY filename) AS earlier
       FROM bronze WHERE dms_change_seq <> '' GROUP BY filename)`,
  );
  expect(order).toEqual([
    [String(files.length), expect.stringMatching(/^(1000|[1-9]\d{0,2})$/), "true"],
  ]);
  const sequences = await lake.bronze(
    "item",
    "SELECT count(DISTINCT dms_change_seq), count(*) FROM bronze",
  );
  expect(sequences).toEqual([["5000", "5000"]]);
  expect(await lake.reduced("item", COLUMNS)).toEqual(await lake.inSource("item", COLUMNS));
  await lake.close();
});

test("truncations are in order with the changes before and after them", async () => {
  const lake = await TestLake.create(`${ITEM}; ${OTHER}`, [item(), other()]);
  await lake.once();
  await lake.client.query(
    `INSERT INTO item VALUES (1, 1, 'gone'); INSERT INTO other VALUES (1, 1);
     BEGIN; INSERT INTO item VALUES (2, 2, 'gone'); TRUNCATE item, other; INSERT INTO item VALUES (1, 3, 'stays'); COMMIT`,
  );
  await lake.once();
  const records = await lake.bronze(
    "truncation",
    "SELECT Op, table_schema, table_name FROM bronze ORDER BY table_name",
    1,
    "lakewright",
  );
  expect(records).toEqual([
    ["I", "public", "item"],
    ["I", "public", "other"],
  ]);
  expect(await lake.reduced("item", COLUMNS)).toEqual([["1", "3", "stays"]]);
  expect(await lake.reduced("other", ["id", "n"])).toEqual([]);
  await lake.close();
});

test("a running replicator reloads one table into a new epoch, then all, losing nothing", async () => {
  const lake = await TestLake.create(
    `${ITEM}; ${OTHER}; INSERT INTO item SELECT i, i, 'first' FROM generate_series(1, 500) i`,
    [item(), other()],
  );
  await lake.during(async () => {
    let over = false;
    const work = changeAtRandom(lake, () => over);
    await sleep(500);
    const served = async (tables: string[]) => {
      const { id } = requestReload(lake.paths.replication, tables);
      await eventually(() => {
        const left = pendingRequests(lake.paths.replication).map((request) => request.id);
        expect(left).not.toContain(id);
      });
    };
    await served(["item"]);
    const after = readState(lake.paths.replication)?.tables;
    expect([after?.item?.epoch, after?.other?.epoch]).toEqual([2, 1]);
    await sleep(500);
    await served([]);
    const last = readState(lake.paths.replication)?.tables;
    expect([last?.item?.epoch, last?.other?.epoch]).toEqual([3, 3]);
    await sleep(300);
    over = true;
    await work;
  });
  await lake.once();
  await expectEqual(lake);
  const [[rows] = []] = await lake.bronze(
    "item",
    "SELECT count(*) FROM bronze WHERE dms_change_seq = ''",
    3,
  );
  const complete = JSON.parse(
    readFileSync(join(lake.paths.bronze, "e0003/public/item/_LOAD_COMPLETE"), "utf8"),
  ) as { rows: number; completedAt: string };
  expect(String(complete.rows)).toBe(rows);
  expect(Date.parse(complete.completedAt)).toBeGreaterThan(Date.now() - 60_000);
  await lake.close();
});

test("it goes on after its connections are terminated", async () => {
  const lake = await TestLake.create(`${ITEM}; ${OTHER}`, [item(), other()]);
  await lake.during(async () => {
    let over = false;
    const work = changeAtRandom(lake, () => over);
    for (let round = 0; round < 3; round++) {
      const seen = lake.events.length;
      await sleep(400);
      await lake.client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'lakewright' AND backend_type = 'walsender'`,
      );
      await lake.until("reconnecting", seen);
      await lake.until("streaming", seen);
    }
    over = true;
    await work;
  });
  await lake.once();
  await expectEqual(lake);
  await lake.close();
});

test("it loads again after its connections are terminated in the middle of a full load", async () => {
  const rows = "SELECT i, i, repeat(md5(i::text), 50) FROM generate_series(1, 40000) i";
  const lake = await TestLake.create(`${ITEM}; ${OTHER}; INSERT INTO item ${rows}`, [
    item(),
    other(),
  ]);
  const stop = new AbortController();
  const running = lake.replicate("continuous", stop.signal, { loadRowsPerFile: 2_000 });
  for (let cut = 0; cut < 2; cut++) {
    const seen = lake.events.length;
    const loaded = () => lake.events.slice(seen).filter(({ event }) => event === "load").length;
    await eventually(() => expect(loaded()).toBeGreaterThan(3));
    const { rows: copying } = await lake.client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'lakewright' AND datname = current_database()
         AND state = 'active' AND query LIKE 'COPY%'`,
    );
    expect(copying).toHaveLength(1);
    await lake.client.query("UPDATE item SET n = n + 1 WHERE id % 1000 = 0");
    await lake.until("reconnecting", seen);
    expect(lake.events.some(({ event }) => event === "loaded")).toBe(false);
  }
  await lake.until("complete");
  stop.abort();
  await running;
  await lake.once();
  await expectEqual(lake);
  await lake.close();
});

test("an idle source's WAL is released, and what is acknowledged does not come again", async () => {
  const lake = await TestLake.create(`${ITEM}; CREATE TABLE elsewhere (id int)`, [item()]);
  const slot = () => readState(lake.paths.replication)?.slot;
  const lag = async () => {
    const { rows } = await lake.client.query<{ lag: string }>(
      `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) AS lag
       FROM pg_replication_slots WHERE slot_name = $1`,
      [slot()],
    );
    return Number(rows[0]?.lag);
  };
  await lake.during(async () => {
    await lake.client.query("INSERT INTO item VALUES (1, 1, 'x')");
    await lake.client.query("INSERT INTO elsewhere SELECT i FROM generate_series(1, 50000) i");
    await eventually(async () => expect(await lag()).toBeLessThan(20_000));
  });
  await lake.once();
  await lake.once();
  expect(await lake.bronze("item", "SELECT count(*) FROM bronze")).toEqual([["1"]]);
  await lake.close();
});

test("a slot that is gone is said, and a reload begins anew in the next epoch", async () => {
  const lake = await TestLake.create(`${ITEM}; INSERT INTO item VALUES (1, 1, 'x')`, [item()]);
  await lake.once();
  await lake.client.query(
    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()",
  );
  await lake.client.query("UPDATE item SET n = 2");
  await expect(lake.once()).rejects.toThrow(
    /replication slot lakewright_\w+ does not exist any more: .*`\.\/lake reload` loads every table anew/,
  );
  requestReload(lake.paths.replication, []);
  await lake.once();
  expect(pendingRequests(lake.paths.replication)).toEqual([]);
  expect(readState(lake.paths.replication)?.tables.item?.epoch).toBe(2);
  expect(await lake.reduced("item", COLUMNS)).toEqual([["1", "2", "x"]]);
  await lake.close();
});

test("a table that was left out of the lake for a while is loaded anew", async () => {
  const lake = await TestLake.create(`${ITEM}; ${OTHER}`, [item(), other()]);
  await lake.once();
  lake.manifest.tables.pop();
  await lake.once();
  await lake.client.query("INSERT INTO item VALUES (1, 1, 'x'); INSERT INTO other VALUES (1, 1)");
  await lake.once();
  lake.manifest.tables.push(other());
  await lake.once();
  expect(readState(lake.paths.replication)?.tables.other?.epoch).toBe(2);
  await expectEqual(lake);
  await lake.close();
});

test.each([
  ["damaged", "{"],
  ["another version's", '{"version": 2}'],
])("a state that is %s is said, and a reload begins anew in the next epoch", async (_, text) => {
  const lake = await TestLake.create(`${ITEM}; INSERT INTO item VALUES (1, 1, 'x')`, [item()]);
  await lake.once();
  const before = readState(lake.paths.replication)?.slot;
  writeFileSync(join(lake.paths.replication, "state.json"), text);
  const path = join(lake.paths.replication, "state.json");
  await expect(lake.once()).rejects.toThrow(
    `${path} is not a replication state of this version, or damaged: `,
  );
  await lake.client.query("UPDATE item SET n = 2");
  requestReload(lake.paths.replication, ["item"]);
  await expect(lake.once()).rejects.toThrow("`./lake reload` without a table loads all of them");
  requestReload(lake.paths.replication, []);
  await lake.once();
  expect(pendingRequests(lake.paths.replication)).toEqual([]);
  expect(readState(lake.paths.replication)?.tables.item?.epoch).toBe(2);
  expect(await lake.reduced("item", COLUMNS)).toEqual([["1", "2", "x"]]);
  const { rows } = await lake.client.query<{ slot_name: string }>(
    "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()",
  );
  expect(rows.map(({ slot_name }) => slot_name)).toEqual([readState(lake.paths.replication)?.slot]);
  expect(rows[0]?.slot_name).not.toBe(before);
  await lake.close();
});

test("a reload while changes go on takes the columns that the table has by then", async () => {
  const lake = await TestLake.create(`${ITEM}; INSERT INTO item VALUES (1, 1, 'x')`, [item()]);
  const reload = async () => {
    requestReload(lake.paths.replication, ["item"]);
    await eventually(() => expect(pendingRequests(lake.paths.replication)).toEqual([]));
  };
  await lake.during(async () => {
    await lake.client.query(
      "CREATE DOMAIN grams AS numeric(6,1); ALTER TABLE item ADD weight grams DEFAULT 7",
    );
    await reload();
    await lake.client.query("ALTER TABLE item DROP note");
    await reload();
  });
  const columns = "DESCRIBE SELECT * EXCLUDE (Op, dms_timestamp, dms_change_seq, BI_id, filename)";
  const loaded = async (epoch: number) =>
    (await lake.bronze("item", `${columns} FROM bronze`, epoch)).map(([name, type]) => [
      name,
      type,
    ]);
  const weight = ["weight", "DECIMAL(6,1)"];
  expect(await loaded(2)).toEqual([
    ["id", "BIGINT"],
    ["n", "INTEGER"],
    ["note", "VARCHAR"],
    weight,
  ]);
  expect(await loaded(3)).toEqual([["id", "BIGINT"], ["n", "INTEGER"], weight]);
  expect(await lake.reduced("item", ["id", "n", "weight"])).toEqual([["1", "1", "7.0"]]);
  await lake.close();
});

test("a table dropped and made again is loaded anew", async () => {
  const lake = await TestLake.create(`${ITEM}; INSERT INTO item VALUES (1, 1, 'x')`, [item()]);
  await lake.during(async () => {
    const seen = lake.events.length;
    await lake.client.query(`DROP TABLE item; ${ITEM}; INSERT INTO item VALUES (7, 7, 'new')`);
    await lake.until("loaded", seen);
    await lake.client.query("INSERT INTO item VALUES (8, 8, 'newer')");
  });
  await lake.once();
  expect(await lake.reduced("item", COLUMNS)).toEqual([
    ["7", "7", "new"],
    ["8", "8", "newer"],
  ]);
  await lake.close();
});
