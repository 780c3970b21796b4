import { sparkType } from "../../model/source-types";
import { startPostgres, table, TestLake } from "./replication-harness";

jest.setTimeout(120_000);

let server: { stop: () => Promise<void> };
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** A value of every type beside numbers and dates that a definition may declare, as bronze has it. */
const VALUES: readonly (readonly [type: string, value: string])[] = [
  ["time", "23:59:59.123456"],
  ["time without time zone", "24:00:00"],
  ["timetz", "12:00:00+02"],
  ["time(3) with time zone", "12:00:00.123-05:30"],
  ["interval", "1 day 02:03:04"],
  ["money", "-$1,234.50"],
  ["bit(4)", "1010"],
  ["bit varying(8)", "101"],
  ["varbit", "1"],
  ["inet", "10.1.2.3/8"],
  ["cidr", "10.0.0.0/8"],
  ["macaddr", "08:00:2b:01:02:03"],
  ["macaddr8", "08:00:2b:01:02:03:04:05"],
  ["pg_lsn", "16/B374D848"],
  ["name", "a name"],
  ["xml", "<a>b</a>"],
  ["jsonpath", '$."a"'],
  ["tsvector", "'cat' 'fat'"],
  ["tsquery", "'fat' & 'cat'"],
  ["point", "(1,2)"],
  ["line", "{1,2,3}"],
  ["lseg", "[(0,0),(1,1)]"],
  ["box", "(1,1),(0,0)"],
  ["path", "((0,0),(1,1))"],
  ["polygon", "((0,0),(1,1),(1,0))"],
  ["circle", "<(0,0),1>"],
  ["int4range", "[1,3)"],
  ["int8range", "[1,)"],
  ["numrange", "(0.5,1.5]"],
  ["tsrange", '["2026-01-01 00:00:00","2026-01-02 00:00:00")'],
  ["tstzrange", '["2026-01-01 00:00:00+00",)'],
  ["daterange", "[2026-01-01,2026-01-03)"],
  ["int4multirange", "{[1,3),[5,7)}"],
  ["int8multirange", "{}"],
  ["nummultirange", "{[1,2]}"],
  ["tsmultirange", "{}"],
  ["tstzmultirange", "{}"],
  ["datemultirange", "{[2026-01-01,2026-01-03)}"],
  ["oid", "4294967295"],
];

/** Parquet types, as DuckDB names them, of Spark's. */
const PARQUET: Readonly<Record<string, string>> = { string: "VARCHAR", bigint: "BIGINT" };

test("types that Parquet lacks arrive as the definition says, as PostgreSQL writes them", async () => {
  const columns = VALUES.map(([type], index) => `c${index} ${type}`);
  const declared = VALUES.map(([type], index) => {
    const result = sparkType(type);
    if ("problem" in result) throw new Error(result.problem);
    return [`c${index}`, result.sparkType] as const;
  });
  const lake = await TestLake.create(
    `CREATE TABLE odd (id bigint PRIMARY KEY, ${columns.join(", ")})`,
    [table("odd", { id: "bigint", ...Object.fromEntries(declared) })],
  );
  const values = VALUES.map(([, value]) => value);
  const places = values.map((_, index) => `$${index + 2}`);
  const insert = `INSERT INTO odd VALUES ($1, ${places.join(", ")})`;
  await lake.client.query(insert, [1, ...values]);
  await lake.once();
  await lake.client.query(insert, [2, ...values]);
  await lake.once();
  const names = declared.map(([name]) => name);
  expect(await lake.bronze("odd", `SELECT ${names.join(", ")} FROM bronze`)).toEqual([
    values,
    values,
  ]);
  const described = new Map(
    (await lake.bronze("odd", "DESCRIBE SELECT * FROM bronze")).map(([name, type]) => [name, type]),
  );
  expect(names.map((name) => described.get(name))).toEqual(
    declared.map(([, type]) => PARQUET[type]),
  );
  await lake.close();
});
