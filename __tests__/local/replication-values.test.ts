import { join } from "node:path";

import { exportSnapshot } from "../../local/replication/export-snapshot";
import { startPostgres, table, TestLake } from "./replication-harness";

jest.setTimeout(120_000);

let server: { stop: () => Promise<void> };
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const TYPES = `
CREATE TYPE mood AS ENUM ('fine', 'so ''so''');
CREATE DOMAIN amount AS numeric(12,2);
CREATE TABLE everything (
  id bigint PRIMARY KEY, a_small smallint, a_integer integer, a_real real, a_double double precision,
  a_numeric numeric(38,10), a_domain amount, a_declared numeric, a_boolean boolean, a_text text,
  a_char char(4), a_uuid uuid, a_json json, a_jsonb jsonb, a_bytea bytea, a_date date,
  a_timestamp timestamp, a_timestamptz timestamptz, a_mood mood, an_array integer[], an_interval interval
)`;

const ROWS = `
INSERT INTO everything VALUES
(1, -32768, 2147483647, 0.1, 0.1, 1234567890123456789012345678.0123456789, 9999999999.99, 12.5, true,
 E'\\uFEFF comma, "quote" \\n\\r\\n \\\\ end', 'ab', '6f1d2c3b-4a59-4e6f-8a7b-9c0d1e2f3a4b',
 '{"b": 1,  "a": 2}', '{"b": 1, "a": [null, "x"]}', '\\x00ff5c22', '2024-02-29',
 '2024-02-29 23:59:59.123456', '2024-03-31 02:30:00.000001+02', 'so ''so''', '{1,NULL,3}', '1 day 02:03:04'),
(2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(3, 0, 0, 'NaN', '-Infinity', -0.0000000001, 0, -99999999.99, false, '', '', NULL, 'null', '""', '', '0001-01-01',
 '0001-01-01 00:00:00', '9999-12-31 23:59:59.999999+00', 'fine', '{}', '0')`;

const EXPECTED = [
  ["1", "-32768", "2147483647", "0.1", "0.1", "1234567890123456789012345678.0123456789"]
    .concat(["9999999999.99", "12.50", "true", '<BOM> comma, "quote" \n\r\n \\ end', "ab  "])
    .concat(["6f1d2c3b-4a59-4e6f-8a7b-9c0d1e2f3a4b", '{"b": 1,  "a": 2}'])
    .concat([
      '{"a": [null, "x"], "b": 1}',
      "00FF5C22",
      "2024-02-29",
      "2024-02-29 23:59:59.123456+00",
    ])
    .concat(["2024-03-31 00:30:00.000001+00", "so 'so'", "{1,NULL,3}", "1 day 02:03:04"]),
  ["2", ...new Array<null>(20).fill(null)],
  ["3", "0", "0", "nan", "-inf", "-0.0000000001", "0.00", "-99999999.99", "false", "", "    ", null]
    .concat(["null", '""', "", "0001-01-01", "0001-01-01 00:00:00+00"])
    .concat(["9999-12-31 23:59:59.999999+00", "fine", "{}", "00:00:00"]),
];

// DuckDB's client loses a byte order mark that stands first when it reads; the file has it.
const VALUES = `SELECT id, a_small, a_integer, a_real::varchar, a_double::varchar, a_numeric, a_domain, a_declared,
  a_boolean::varchar, replace(a_text, chr(65279), '<BOM>'), a_char, a_uuid, a_json, a_jsonb, hex(a_bytea), a_date::varchar,
  a_timestamp::varchar, a_timestamptz::varchar, a_mood, an_array, an_interval FROM bronze WHERE Op = 'I'`;

const PARQUET = [
  ["id", "BIGINT"],
  ["a_small", "SMALLINT"],
  ["a_integer", "INTEGER"],
  ["a_real", "FLOAT"],
  ["a_double", "DOUBLE"],
  ["a_numeric", "DECIMAL(38,10)"],
  ["a_domain", "DECIMAL(12,2)"],
  ["a_declared", "DECIMAL(10,2)"],
  ["a_boolean", "BOOLEAN"],
  ["a_bytea", "BLOB"],
  ["a_date", "DATE"],
  ["a_timestamp", "TIMESTAMP WITH TIME ZONE"],
  ["a_timestamptz", "TIMESTAMP WITH TIME ZONE"],
];

const everything = () => table("everything", { id: "bigint", a_declared: "decimal(10,2)" });

test("every type arrives exactly, by full load and by change alike", async () => {
  const loaded = await TestLake.create(`${TYPES}; ${ROWS}`, [everything()]);
  await loaded.once();
  expect(await loaded.bronze("everything", `${VALUES} ORDER BY id`)).toEqual(EXPECTED);
  const changed = await TestLake.create(TYPES, [everything()]);
  await changed.once();
  await changed.client.query(ROWS);
  await changed.once();
  expect(changed.files("everything")).toHaveLength(2);
  expect(await changed.bronze("everything", `${VALUES} ORDER BY id`)).toEqual(EXPECTED);
  for (const lake of [loaded, changed]) {
    const described = await lake.bronze("everything", "DESCRIBE SELECT * FROM bronze");
    const types = new Map(described.map(([name, type]) => [name, type]));
    for (const [name, type] of PARQUET)
      expect([name, types.get(name as string)]).toEqual([name, type]);
  }
  await loaded.close();
  await changed.close();
});

test("bronze has DMS's columns, order and values around the table's own", async () => {
  const lake = await TestLake.create(
    "CREATE TABLE item (id bigint PRIMARY KEY, name varchar(10)); INSERT INTO item VALUES (1, 'one')",
    [table("item", { id: "bigint", name: "string" })],
  );
  await lake.once();
  await lake.client.query(
    `INSERT INTO item VALUES (2, 'two'); UPDATE item SET name = 'II' WHERE id = 2;
     UPDATE item SET id = 3 WHERE id = 2; DELETE FROM item WHERE id = 3`,
  );
  await lake.once();
  const names = (await lake.bronze("item", "DESCRIBE SELECT * EXCLUDE (filename) FROM bronze")).map(
    ([name]) => name,
  );
  expect(names).toEqual(["Op", "dms_timestamp", "dms_change_seq", "id", "name", "BI_id"]);
  const rows = await lake.bronze(
    "item",
    `SELECT Op, id, name, BI_id, length(dms_change_seq), right(dms_change_seq, 2) FROM bronze ORDER BY dms_change_seq`,
  );
  expect(rows).toEqual([
    ["I", "1", "one", null, "0", ""],
    ["I", "2", "two", null, "35", "00"],
    ["U", "2", "II", "2", "35", "01"],
    ["U", "3", "II", "2", "35", "02"],
    ["D", "3", null, "3", "35", "03"],
  ]);
  const times = await lake.bronze("item", "SELECT DISTINCT dms_timestamp FROM bronze");
  for (const [time] of times) expect(time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
  expect(times).toHaveLength(2);
  await lake.close();
});

test("values that the lake cannot hold are bounded or nulled, and said", async () => {
  const lake = await TestLake.create(
    `CREATE TABLE odd (id bigint PRIMARY KEY, n numeric(6,2), d date, t timestamptz);
     INSERT INTO odd VALUES (1, 'NaN', 'infinity', '-infinity'), (2, 1, '0044-03-15 BC', '12000-01-01 00:00:00+00')`,
    [table("odd", { id: "bigint", n: "decimal(6,2)", d: "date", t: "timestamp" })],
  );
  await lake.once();
  await lake.client.query("INSERT INTO odd SELECT id + 2, n, d, t FROM odd");
  await lake.once();
  const rows = await lake.bronze(
    "odd",
    "SELECT id, n, d::varchar, t::varchar FROM bronze ORDER BY id",
  );
  const first = [null, "9999-12-31", "0001-01-01 00:00:00+00"];
  const second = ["1.00", "0001-01-01", "9999-12-31 23:59:59.999999+00"];
  expect(rows).toEqual([
    ["1", ...first],
    ["2", ...second],
    ["3", ...first],
    ["4", ...second],
  ]);
  expect(lake.notices()).toHaveLength(6);
  expect(lake.notices()[0]).toBe("odd.n: 1 value not a finite number, written as null");
  expect(lake.notices()[1]).toContain("odd.d: 2 values outside the years 1 to 9999");
  await lake.close();
});

test("large values are cut only if so configured, and said", async () => {
  const sql = `CREATE TABLE doc (id bigint PRIMARY KEY, body text, data bytea);
     INSERT INTO doc VALUES (1, repeat('ä', 3000), decode(repeat('ab', 3000), 'hex')), (2, 'short', '\\x01')`;
  const tables = [table("doc", { id: "bigint", body: "string", data: "binary" })];
  const lengths = "SELECT id, length(body), octet_length(data) FROM bronze ORDER BY id";
  const whole = await TestLake.create(sql, tables);
  await whole.once();
  expect(await whole.bronze("doc", lengths)).toEqual([
    ["1", "3000", "3000"],
    ["2", "5", "1"],
  ]);
  const cut = await TestLake.create(sql, tables, { max_lob_kb: 2 });
  await cut.once();
  expect(await cut.bronze("doc", lengths)).toEqual([
    ["1", "2048", "2048"],
    ["2", "5", "1"],
  ]);
  expect(cut.notices()).toEqual([
    "doc.body: 1 value cut to 2 KB (source.maxLobKb of the lake)",
    "doc.data: 1 value cut to 2 KB (source.maxLobKb of the lake)",
  ]);
  // What verify compares with is cut as well.
  const { manifest, source, root } = cut;
  const signal = new AbortController().signal;
  const snapshot = await exportSnapshot({ manifest, source, folder: join(root, "v"), signal });
  const load = `'${join(snapshot, "public/doc/*.parquet")}'`;
  expect(await cut.bronze("doc", `${lengths.replace("bronze", load)}`)).toEqual([
    ["1", "2048", "2048"],
    ["2", "5", "1"],
  ]);
  await whole.close();
  await cut.close();
});

test("an update that leaves a large value alone carries it all the same", async () => {
  const lake = await TestLake.create(
    "CREATE TABLE doc (id bigint PRIMARY KEY, n integer, body text)",
    [table("doc", { id: "bigint", n: "int", body: "string" })],
  );
  await lake.once();
  await lake.client.query("ALTER TABLE doc ALTER body SET STORAGE EXTERNAL");
  await lake.client.query("INSERT INTO doc VALUES (1, 1, repeat('x', 20000000))");
  await lake.client.query("UPDATE doc SET n = 2");
  await lake.once();
  const rows = await lake.bronze(
    "doc",
    "SELECT Op, n, length(body) FROM bronze ORDER BY dms_change_seq",
  );
  expect(rows).toEqual([
    ["I", "1", "20000000"],
    ["U", "2", "20000000"],
  ]);
  await lake.close();
});

test("columns added, dropped, renamed and retyped in the source change the files from then on", async () => {
  const lake = await TestLake.create(
    "CREATE TABLE item (id bigint PRIMARY KEY, a integer, b varchar(5)); INSERT INTO item VALUES (1, 1, 'x')",
    [table("item", { id: "bigint", a: "int", b: "string" })],
  );
  await lake.once();
  await lake.client.query("INSERT INTO item VALUES (2, 2, 'y')");
  await lake.client.query("ALTER TABLE item ADD c numeric(5,1)");
  await lake.client.query("INSERT INTO item VALUES (3, 3, 'z', 1.5)");
  await lake.client.query("ALTER TABLE item DROP b");
  await lake.client.query("ALTER TABLE item RENAME c TO d");
  await lake.client.query("ALTER TABLE item ALTER a TYPE bigint");
  await lake.client.query("INSERT INTO item VALUES (4, 40000000000, 2.5)");
  await lake.once();
  const files = lake.files("item").filter((name) => !name.startsWith("LOAD"));
  expect(files).toHaveLength(3);
  const types: (string | null)[][] = [];
  for (const file of files) {
    const described = await lake.bronze(
      "item",
      `DESCRIBE SELECT * EXCLUDE (Op, dms_timestamp, dms_change_seq, BI_id)
       FROM '${lake.paths.bronze}/e0001/public/item/${file}'`,
    );
    types.push(described.map(([name, type]) => `${name} ${type}`));
  }
  expect(types).toEqual([
    ["id BIGINT", "a INTEGER", "b VARCHAR"],
    ["id BIGINT", "a INTEGER", "b VARCHAR", "c DECIMAL(5,1)"],
    ["id BIGINT", "a BIGINT", "d DECIMAL(5,1)"],
  ]);
  expect(await lake.reduced("item", ["id", "a"])).toEqual(await lake.inSource("item", ["id", "a"]));
  await lake.close();
});

test("a strict table carries its declared columns alone", async () => {
  const lake = await TestLake.create(
    "CREATE TABLE person (id bigint PRIMARY KEY, name text, secret numeric); INSERT INTO person VALUES (1, 'a', 1)",
    [table("person", { id: "bigint", name: "string" }, { evolution: "strict" })],
  );
  await lake.once();
  await lake.client.query("INSERT INTO person VALUES (2, 'b', 2)");
  await lake.once();
  const rows = await lake.bronze(
    "person",
    "SELECT * EXCLUDE (filename, dms_timestamp, dms_change_seq) FROM bronze ORDER BY id",
  );
  expect(rows).toEqual([
    ["I", "1", "a", null],
    ["I", "2", "b", null],
  ]);
  await lake.close();
});
