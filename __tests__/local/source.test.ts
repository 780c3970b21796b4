import { findTables } from "../../local/replication/source-check";
import { postgresConnection } from "../../local/services";
import { postgresHome } from "../../local/services/postgres-home";
import { tlsFiles } from "../../local/services/postgres-tls";
import { captureDdlSql } from "../../local/source/capture-ddl";
import { connectSource, parseSource, type Source } from "../../local/source/connection";
import { withoutCredentials } from "../../local/source/hide-credentials";
import { openSource } from "../../local/source/open";
import { preparationSql, undoSql } from "../../local/source/prepare";
import { runQuery } from "../../local/source/run-query";
import { UserError } from "../../model/errors";
import { startPostgres, table, TestLake } from "./replication-harness";

jest.setTimeout(120_000);

const authority = () => tlsFiles(postgresHome()).authority;

let server: { stop: () => Promise<void> };
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** The test server as somebody else's, by connection string. */
function foreign(
  database: string,
  more: { user?: string; password?: string; query?: string; host?: string } = {},
): Source {
  const own = postgresConnection();
  const { user = own.user, password = own.password, host = "localhost" } = more;
  const query = more.query ?? `sslmode=verify-full&sslrootcert=${authority()}`;
  return parseSource(`postgres://${user}:${password}@${host}:${own.port}/${database}?${query}`, {});
}

const refusal = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "not refused",
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe("connection strings", () => {
  test("are read with their TLS modes, and shown without credentials", () => {
    const source = parseSource("postgres://me:s%40cret@db.example:5433/shop?sslmode=verify-ca", {});
    expect(source.label).toBe("postgres://me@db.example:5433/shop?sslmode=verify-ca");
    expect(source.config.password).toBe("s@cret");
    expect(JSON.stringify(source)).not.toContain("s@cret");
    expect(source.config.ssl).toMatchObject({ rejectUnauthorized: true });
    expect(parseSource("postgresql://me@h/d", { PGPASSWORD: "p" }).config.password).toBe("p");
    expect(parseSource("postgres://me@h/d", {}).config.ssl).toMatchObject({
      rejectUnauthorized: false,
    });
    expect(parseSource("postgres://me@h/d?sslmode=disable", {}).config.ssl).toBe(false);
  });

  test("that are wrong are refused without repeating them", () => {
    expect(() => parseSource("postgres://me:secret@h:port/d", {})).toThrow(
      /^the source is not a connection string; expected postgres:/,
    );
    expect(() => parseSource("mysql://me:secret@h/d", {})).toThrow(
      /^the source begins with mysql:;/,
    );
    expect(() => parseSource("postgres://h/d", {})).toThrow("the source names no user");
    expect(() => parseSource("postgres://me@h/d?sslmode=prefer", {})).toThrow(
      'sslmode is "prefer"; expected one of disable, require, verify-ca, verify-full',
    );
    expect(() => parseSource("postgres://me@h/d?sslrootcert=/nowhere", {})).toThrow(
      "/nowhere, which does not exist",
    );
    expect(withoutCredentials("at postgres://me:a@b:c@h/d now")).toBe(
      "at postgres://me:***@h/d now",
    );
  });

  test("connect by every TLS mode; a wrong certificate or host name is refused", async () => {
    const encrypted = async (source: Source) => {
      const client = await connectSource(source);
      const { rows } = await client.query<{ ssl: string }>(
        "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
      );
      await client.end();
      return rows[0]?.ssl;
    };
    expect(await encrypted(foreign("postgres"))).toBe("t");
    expect(await encrypted(foreign("postgres", { query: "sslmode=require" }))).toBe("t");
    const byAddress = {
      host: "127.0.0.1",
      query: `sslmode=verify-full&sslrootcert=${authority()}`,
    };
    expect(await encrypted(foreign("postgres", byAddress))).toBe("t");
    // Another name for the same address, which the certificate does not have.
    const other = (mode: string) =>
      foreign("postgres", { host: "127.1", query: `sslmode=${mode}&sslrootcert=${authority()}` });
    expect(await encrypted(other("verify-ca"))).toBe("t");
    expect(await refusal(connectSource(other("verify-full")))).toContain(
      "the certificate is for another host: use its name, or verify-ca",
    );
    const unknown = await refusal(
      connectSource(foreign("postgres", { query: "sslmode=verify-full" })),
    );
    expect(unknown).toContain("name the authority's certificate by sslrootcert");
    const wrong = await refusal(connectSource(foreign("postgres", { password: "wrong-secret" })));
    expect(wrong).toContain("check the user and the password");
    expect(wrong).not.toContain("wrong-secret");
  });

  test("with a stray % are refused in words, without repeating them", () => {
    const stray = (part: string) =>
      `the source's ${part} has a % that begins no percent-encoded character; percent-encode it: %25`;
    const read = (text: string) => () => parseSource(text, {});
    expect(read("postgres://me:50%off@h/d")).toThrow(new UserError(stray("password")));
    expect(read("postgres://m%e@h/d")).toThrow(new UserError(stray("user")));
    expect(read("postgres://me@h/100%")).toThrow(new UserError(stray("database")));
  });

  test("given as an argument, are refused with a password, for arguments are in process lists", async () => {
    for (const url of ["postgres://me:top-secret@h/d", "postgres://me@h/d?password=top-secret"]) {
      const refused = await refusal(openSource("saas", url));
      expect(refused).toMatch(
        /^UserError: --source holds a password, .*PGPASSWORD.*LAKEWRIGHT_SOURCE/,
      );
      expect(refused).not.toContain("top-secret");
    }
    await using opened = await openSource("saas", "postgres://me@h/d");
    expect(opened.source.label).toBe("postgres://me@h:5432/d?sslmode=require");
  });

  test("take the password from PGPASSWORD, which an embedded server's own goes before", async () => {
    const own = postgresConnection();
    const url = `postgres://${own.user}@localhost:${own.port}/postgres`;
    const client = await connectSource(parseSource(url, { PGPASSWORD: own.password }));
    await client.end();
    expect(await refusal(connectSource(parseSource(url, { PGPASSWORD: "wrong" })))).toContain(
      "check the user and the password (PGPASSWORD)",
    );
    process.env.PGPASSWORD = "somebody else's";
    try {
      await using opened = await openSource("saas", undefined);
      await (await connectSource(opened.source)).end();
    } finally {
      delete process.env.PGPASSWORD;
    }
  });
});

const SHOP = `
CREATE TABLE "Order Line" ("id" bigint PRIMARY KEY, "quantity" integer);
CREATE TABLE nokey (id bigint, v integer);
CREATE TABLE doc (id bigint PRIMARY KEY, body jsonb);
CREATE TABLE part (id bigint, region varchar(4), v integer, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE part_eu PARTITION OF part FOR VALUES IN ('eu');
INSERT INTO "Order Line" VALUES (1, 1); INSERT INTO nokey VALUES (1, 1); INSERT INTO doc VALUES (1, '{}');
INSERT INTO part VALUES (1, 'eu', 1);
CREATE ROLE replicator LOGIN PASSWORD 'secret'`;

const shopTables = () => [
  table("lines", { id: "bigint", quantity: "int" }, { source_table: "Order Line" }),
  table("nokey", { id: "bigint", v: "int" }),
  table("doc", { id: "bigint", body: "string" }),
  table("part", { id: "bigint", region: "string", v: "int" }, { key: ["id", "region"] }),
];

test("a foreign source is refused with all that is missing, prepared by the printed SQL, replicated by an ordinary role, and undone", async () => {
  const lake = await TestLake.create(SHOP, shopTables());
  const { database } = lake.source;
  const source = foreign(database, { user: "replicator", password: "secret" });
  const missing = await refusal(lake.once({}, source));
  expect(missing).toContain("cannot be replicated as it is");
  expect(missing).toContain("control table lakewright.heartbeat is missing");
  expect(missing).toContain(
    `publication lakewright_${database} lacks public.Order Line, public.nokey, public.doc, public.part`,
  );
  expect(missing).toContain(
    "table public.doc has REPLICA IDENTITY DEFAULT and needs FULL: large values are stored out of line (TOAST), and updates would leave them out (columns body)",
  );
  expect(missing).toContain(
    "table public.nokey has REPLICA IDENTITY DEFAULT and needs FULL: it has no primary key",
  );
  expect(missing).toContain("Run what `./lake source sql` prints");
  expect(missing).not.toContain("Order Line has REPLICA");
  const unpermitted = await refusal(lake.replicate("once", undefined, {}, source, true));
  expect(unpermitted).toContain("may not prepare");
  const identities = async () =>
    (
      await lake.client.query<{ i: string }>(
        "SELECT string_agg(relname || ' ' || relreplident::text, ', ' ORDER BY relname) AS i FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
      )
    ).rows[0]?.i;
  const before = await identities();
  const { found } = await findTables(lake.client, lake.manifest);
  const sql = preparationSql(lake.manifest, found, "replicator");
  await lake.client.query(sql);
  await lake.client.query(sql);
  expect(await identities()).toBe("Order Line d, doc f, nokey f, part_eu d");
  await lake.once({}, source);
  await lake.client.query(
    `UPDATE "Order Line" SET quantity = 2; UPDATE nokey SET v = 2; UPDATE part SET v = 2;
     INSERT INTO doc VALUES (2, '[]'); DELETE FROM doc WHERE id = 1`,
  );
  await lake.once({}, source);
  const last = async (name: string, columns: string) =>
    (
      await lake.bronze(name, `SELECT ${columns} FROM bronze ORDER BY dms_change_seq DESC LIMIT 1`)
    )[0];
  expect(await last("Order Line", "Op, id, quantity, BI_id")).toEqual(["U", "1", "2", "1"]);
  expect(await last("nokey", "Op, id, v, BI_id")).toEqual(["U", "1", "2", "1"]);
  expect(await last("part", "Op, id, region, v, BI_id, BI_region")).toEqual([
    "U",
    "1",
    "eu",
    "2",
    "1",
    "eu",
  ]);
  expect(await last("doc", "Op, id, body, BI_id")).toEqual(["D", "1", "{}", "1"]);
  const undo = undoSql(lake.manifest, found, "replicator");
  await lake.client.query(undo);
  await lake.client.query(undo);
  expect(await identities()).toBe(before);
  const { rows: left } = await lake.client.query(
    `SELECT nspname FROM pg_namespace WHERE nspname = 'lakewright'
     UNION ALL SELECT pubname FROM pg_publication UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
     UNION ALL SELECT slot_name FROM pg_replication_slots WHERE database = current_database()`,
  );
  expect(left).toEqual([]);
  await lake.client.query("INSERT INTO doc VALUES (3, '{}'); TRUNCATE nokey");
  await lake.close();
});

test("what tells DMS of added columns records each change of a table, and goes with the undoing", async () => {
  const lake = await TestLake.create("CREATE TABLE t (id bigint PRIMARY KEY)", [
    table("t", { id: "bigint" }),
  ]);
  const { found } = await findTables(lake.client, lake.manifest);
  await lake.client.query(preparationSql(lake.manifest, found, "dms_user"));
  const sql = captureDdlSql(lake.manifest, "dms_user");
  await lake.client.query(sql);
  await lake.client.query(sql);
  // Rows go at once: a trigger keeps what DMS finds of them in the write-ahead log.
  await lake.client.query(
    `CREATE TABLE kept (tag text, of_schema text, query text);
     CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN INSERT INTO public.kept VALUES (NEW.c_tag, NEW.c_schema, NEW.c_ddlqry); RETURN NULL; END $$;
     CREATE TRIGGER keep AFTER INSERT ON lakewright.awsdms_ddl_audit FOR EACH ROW EXECUTE FUNCTION keep()`,
  );
  await lake.client.query(
    `CREATE ROLE owner_of_t; GRANT ALL ON SCHEMA public TO owner_of_t;
     ALTER TABLE t OWNER TO owner_of_t; TRUNCATE kept; SET ROLE owner_of_t`,
  );
  await lake.client.query("ALTER TABLE t ADD COLUMN added text");
  await lake.client.query("RESET ROLE");
  const { rows } = await lake.client.query("SELECT * FROM kept");
  expect(rows).toEqual([
    { tag: "ALTER TABLE", of_schema: "public", query: "ALTER TABLE t ADD COLUMN added text" },
  ]);
  const { rows: left } = await lake.client.query("SELECT * FROM lakewright.awsdms_ddl_audit");
  expect(left).toEqual([]);
  const { rows: rights } = await lake.client.query(
    `SELECT has_table_privilege('dms_user', audit, 'SELECT') AS reads,
            has_table_privilege('dms_user', audit, 'TRIGGER') AS adds_triggers
     FROM (VALUES ('lakewright.awsdms_ddl_audit'::regclass)) AS t (audit)`,
  );
  expect(rights).toEqual([{ reads: "t", adds_triggers: "f" }]);
  await lake.client.query(undoSql(lake.manifest, found, "dms_user"));
  const { rows: triggers } = await lake.client.query("SELECT evtname FROM pg_event_trigger");
  expect(triggers).toEqual([]);
  await lake.client.query("DROP OWNED BY owner_of_t; DROP ROLE owner_of_t");
  await lake.close();
});

/** Why a lake's tables are stopped after a replication. */
const stops = async (lake: TestLake): Promise<string[]> =>
  (await lake.once()).stopped.map(({ reason }) => reason);

test("what cannot be replicated without loss is refused by name", async () => {
  const numeric = await TestLake.create(
    "CREATE TABLE bill (id bigint PRIMARY KEY, amount numeric)",
    [table("bill", { id: "bigint" })],
  );
  expect(await stops(numeric)).toEqual([
    expect.stringMatching(
      /^column amount of public\.bill is numeric: no precision.*Declare one for it in the lake's definition/,
    ),
  ]);
  await numeric.close();
  const declared = await TestLake.create(
    "CREATE TABLE bill (id bigint PRIMARY KEY, amount numeric); INSERT INTO bill VALUES (1, 1.5), (2, 99.990)",
    [table("bill", { id: "bigint", amount: "decimal(4,2)" })],
  );
  await declared.once();
  expect(await declared.bronze("bill", "SELECT amount FROM bronze ORDER BY id")).toEqual([
    ["1.50"],
    ["99.99"],
  ]);
  await declared.client.query("INSERT INTO bill VALUES (3, 1.005)");
  const unfit = [
    "table public.bill, row with id = 3: amount is 1.005, which does not fit decimal(4,2), as the " +
      "lake's definition declares it. Declare a wider type for amount",
  ];
  expect(await stops(declared)).toEqual(unfit);
  expect(await stops(declared)).toEqual(unfit);
  await declared.close();
  const generated = await TestLake.create(
    "CREATE TABLE g (id bigint PRIMARY KEY, twice bigint GENERATED ALWAYS AS (id * 2) STORED)",
    [table("g", { id: "bigint", twice: "bigint" })],
  );
  expect(await refusal(generated.once())).toContain(
    "column twice of public.g is generated by the database",
  );
  await generated.close();
  const taken = await TestLake.create("CREATE TABLE t (id bigint PRIMARY KEY, op integer)", [
    table("t", { id: "bigint" }),
  ]);
  expect(await stops(taken)).toEqual([
    expect.stringContaining("column op of public.t has the name of bronze's own column"),
  ]);
  await taken.close();
});

test("an update without its large values is refused, at every start", async () => {
  const lake = await TestLake.create(
    "CREATE TABLE doc (id bigint PRIMARY KEY, n integer, body text)",
    [table("doc", { id: "bigint", n: "int", body: "string" })],
  );
  await lake.once();
  await lake.client.query(
    "ALTER TABLE doc ALTER body SET STORAGE EXTERNAL; ALTER TABLE doc REPLICA IDENTITY DEFAULT; INSERT INTO doc VALUES (1, 1, repeat('x', 9000))",
  );
  await lake.client.query("UPDATE doc SET n = 2");
  await lake.client.query("ALTER TABLE doc REPLICA IDENTITY FULL");
  const refused = [
    expect.stringMatching(
      /^an update of public\.doc leaves out a large value.*REPLICA IDENTITY FULL/,
    ) as string,
  ];
  expect(await stops(lake)).toEqual(refused);
  expect(await stops(lake)).toEqual(refused);
  await lake.close();
});

test("one replicator per lake runs at a time", async () => {
  const lake = await TestLake.create("CREATE TABLE t (id bigint PRIMARY KEY)", [
    table("t", { id: "bigint" }),
  ]);
  await lake.during(async () => {
    expect(await refusal(lake.once())).toBe(
      `UserError: process ${process.pid} replicates this lake already; one replicator per lake runs at a time`,
    );
  });
  await lake.close();
});

test("queries run any SQL, several statements too, and say what PostgreSQL refuses", async () => {
  const client = await connectSource(foreign("postgres"));
  const outcomes = await runQuery(
    client,
    "CREATE TABLE q (a bigint, t timestamptz); INSERT INTO q VALUES (9007199254740993, '2026-01-01 00:00:00.000001+00'), (NULL, NULL); SELECT * FROM q",
  );
  expect(outcomes.map(({ command, rowCount }) => [command, rowCount])).toEqual([
    ["CREATE", undefined],
    ["INSERT", 2],
    ["SELECT", 2],
  ]);
  expect(outcomes[2]?.columns).toEqual(["a", "t"]);
  expect(outcomes[2]?.rows).toEqual([
    ["9007199254740993", "2026-01-01 00:00:00.000001+00"],
    [null, null],
  ]);
  expect(await refusal(runQuery(client, "SELECT nothing"))).toBe(
    'UserError: the source refused: column "nothing" does not exist (at character 8)',
  );
  await client.end();
});
