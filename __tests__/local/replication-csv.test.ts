import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { startPostgres, table, TestLake } from "./replication-harness";

jest.setTimeout(120_000);

let server: { stop: () => Promise<void> };
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const CSV = { bronze_format: "csv" } as const;

/** Names and texts of a table's CSV files in the first epoch, the load first. */
function filesOf(lake: TestLake, name: string): [string, string][] {
  const folder = join(lake.paths.bronze, "e0001", "public", name);
  const names = (readdirSync(folder, { recursive: true }) as string[])
    .filter((each) => /\.(parquet|csv\.gz)$/.test(each))
    .sort((one, other) => Number(/LOAD/.test(other)) - Number(/LOAD/.test(one)));
  return names.map((each) => [each, gunzipSync(readFileSync(join(folder, each))).toString()]);
}

const TYPES = `CREATE TABLE everything (
  id bigint PRIMARY KEY, a_text text, a_numeric numeric(12,2), a_boolean boolean, a_bytea bytea,
  a_date date, a_timestamp timestamp, a_timestamptz timestamptz, a_double double precision,
  a_json jsonb)`;
const ROWS = `INSERT INTO everything VALUES
  (1, E'comma, "quote"\n\r\nend', 12.5, true, '\\x00ff5c', '2024-02-29', '2024-02-29 23:59:59',
   '2024-03-31 02:30:00.000001+02', 0.1, '{"a": "b"}'),
  (2, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (3, NULL, 0, false, '', '0001-01-01', '0001-01-01 00:00:00', '9999-12-31 23:59:59.999999+00',
   'NaN', 'null')`;

const HEADER =
  "Op,dms_timestamp,dms_change_seq,id,a_text,a_numeric,a_boolean,a_bytea,a_date,a_timestamp,a_timestamptz,a_double,a_json,BI_id";
const OWN = [
  '1,"comma, ""quote""\n\r\nend",12.50,true,00ff5c,2024-02-29,2024-02-29 23:59:59.000000,2024-03-31 00:30:00.000001,0.1,"{""a"": ""b""}"',
  "2,,__null__,__null__,__null__,__null__,__null__,__null__,__null__,__null__",
  "3,__null__,0.00,false,,0001-01-01,0001-01-01 00:00:00.000000,9999-12-31 23:59:59.999999,nan,null",
];

/** Lines as if no empty text were quoted, and without times and sequences. */
const comparable = (text: string) =>
  text.replace(/(?<=,)""(?=,|$)/gm, "").replace(/^([IUD]),[^,]*,[^,]*,/gm, "$1,at,sequence,");

test("load and changes are gzipped CSV with a header, null apart from an empty text", async () => {
  const everything = table("everything", { id: "bigint" });
  const lake = await TestLake.create(`${TYPES}; ${ROWS}`, [everything], CSV);
  await lake.once();
  await lake.client.query("UPDATE everything SET id = 4 WHERE id = 2");
  await lake.client.query("DELETE FROM everything WHERE id = 3");
  await lake.once();
  const [[loadName, load], [changeName, changes], ...rest] = filesOf(lake, "everything") as [
    [string, string],
    [string, string],
  ];
  expect(rest).toEqual([]);
  expect(loadName).toBe("LOAD00000001.csv.gz");
  expect(changeName).toMatch(/^\d{4}\/\d\d\/\d\d\/\d{8}-\d{9}\.csv\.gz$/);
  expect(comparable(load)).toBe(
    [HEADER, ...OWN.map((own) => `I,at,sequence,${own},__null__`), ""].join("\n"),
  );
  expect(comparable(changes)).toBe(
    [HEADER, `U,at,sequence,${OWN[1]!.replace(/^2/, "4")},2`, `D,at,sequence,${OWN[2]},3`, ""].join(
      "\n",
    ),
  );
  expect(changes).toMatch(/^U,\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6},\d{35},/m);
});

test("an empty table gives a file with a header alone", async () => {
  const lake = await TestLake.create(TYPES, [table("everything", { id: "bigint" })], CSV);
  await lake.once();
  expect(filesOf(lake, "everything")).toEqual([["LOAD00000001.csv.gz", `${HEADER}\n`]]);
});

test("a text that is the sign of null is told of", async () => {
  const rows =
    "CREATE TABLE note (id bigint PRIMARY KEY, body text); INSERT INTO note VALUES (1, '__null__')";
  const lake = await TestLake.create(rows, [table("note", { id: "bigint" })], CSV);
  await lake.once();
  expect(lake.notices()).toContainEqual(
    expect.stringContaining("note.body: 1 value that CSV files have for null, read as null"),
  );
});

test("a lake whose bronze becomes CSV goes on in files with growing names", async () => {
  const rows =
    "CREATE TABLE note (id bigint PRIMARY KEY, body text); INSERT INTO note VALUES (1, 'a')";
  const lake = await TestLake.create(rows, [table("note", { id: "bigint" })]);
  await lake.once();
  await lake.client.query("INSERT INTO note VALUES (2, 'b')");
  await lake.once();
  lake.manifest.bronze_format = "csv";
  await lake.client.query("INSERT INTO note VALUES (3, 'c')");
  await lake.once();
  const folder = join(lake.paths.bronze, "e0001", "public", "note");
  const names = (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => /\d{9}\./.test(name))
    .sort();
  expect(names.map((name) => name.replace(/^.*?\d{9}/, ""))).toEqual([".parquet", ".csv.gz"]);
});
