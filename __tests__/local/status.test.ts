import type { Journal } from "../../local/pipeline/journal";
import {
  failedModels,
  silverFactsSql,
  sourceRowsSql,
  tableStatuses,
} from "../../local/pipeline/status";
import type { ReplicationStatus } from "../../local/replication/status";
import type { Manifest } from "../../model/manifest";

const manifest = {
  tables: [
    { name: "orders", source_schema: "public", source_table: "core_order" },
    { name: "events", source_schema: "Odd", source_table: 'ev"ent' },
  ],
  models: [{ name: "daily" }, { name: "monthly" }],
} as unknown as Manifest;
const journal: Pick<Journal, "of"> = {
  of: (relation) =>
    ({ "silver.events": { error: "a column is new" }, "gold.daily": { error: "no such column" } })[
      relation
    ] ?? {},
};

test("names of the source are quoted", () => {
  expect(sourceRowsSql(manifest.tables)).toBe(
    `SELECT 'orders' AS name, count(*)::float8 AS rows FROM "public"."core_order" UNION ALL ` +
      `SELECT 'events' AS name, count(*)::float8 AS rows FROM "Odd"."ev""ent"`,
  );
  expect(silverFactsSql([{ name: "events", files: null }])).toContain(
    `FROM quarantine."events" WHERE state = 'quarantined'`,
  );
});

test("rows and lines of files are told apart, and are no changes of the database", () => {
  const files = { folder: "events", delimiter: ",", headers: {}, precedence: "database" } as const;
  const sql = silverFactsSql([{ name: "events", files }]);
  expect(sql).toContain(`(SELECT count(_lw_file) FROM silver."events") AS file_rows`);
  expect(sql).toContain(`+ (SELECT count(*) FROM quarantine."events_lines") AS quarantined_rows`);
  expect(sql).toContain(`FROM silver."events" WHERE _lw_file IS NULL`);
});

test("lag is how far silver is behind the newest change in bronze, by commit times", () => {
  const replication = {
    tables: [
      {
        table: "orders",
        epoch: 2,
        stopped: "too wide",
        newestCommitAt: new Date("2026-01-01T00:00:10Z"),
      },
      { table: "events", epoch: 1, newestCommitAt: new Date("2026-01-01T00:00:00Z") },
    ],
  } as unknown as ReplicationStatus;
  const silver = [
    {
      table: "orders",
      silverRows: 5,
      fileRows: 2,
      quarantinedRows: 1,
      newestApplied: new Date("2026-01-01T00:00:07.5Z"),
    },
    {
      table: "events",
      silverRows: 3,
      fileRows: null,
      quarantinedRows: 0,
      newestApplied: new Date("2026-01-01T00:00:00Z"),
    },
  ];
  const statuses = tableStatuses(manifest, new Map([["orders", 6]]), replication, silver, journal);
  expect(statuses).toEqual([
    {
      table: "orders",
      epoch: 2,
      stopped: "too wide",
      sourceRows: 6,
      silverRows: 5,
      fileRows: 2,
      quarantinedRows: 1,
      newestApplied: "2026-01-01T00:00:07.500Z",
      lagSeconds: 2.5,
      error: null,
    },
    {
      table: "events",
      epoch: 1,
      stopped: null,
      sourceRows: null,
      silverRows: 3,
      fileRows: null,
      quarantinedRows: 0,
      newestApplied: "2026-01-01T00:00:00.000Z",
      lagSeconds: 0,
      error: "a column is new",
    },
  ]);
  expect(failedModels(manifest, journal)).toEqual([{ model: "daily", error: "no such column" }]);
});

test("a table without silver has null for what is not known", () => {
  expect(tableStatuses(manifest, new Map(), undefined, [], journal)[0]).toMatchObject({
    silverRows: null,
    newestApplied: null,
    lagSeconds: null,
  });
});
