import { silverFactsSql, sourceRowsSql, tableStatuses } from "../../local/pipeline/status";
import type { ReplicationStatus } from "../../local/replication/status";
import type { Manifest } from "../../model/manifest";

const manifest = {
  tables: [
    { name: "orders", source_schema: "public", source_table: "core_order" },
    { name: "events", source_schema: "Odd", source_table: 'ev"ent' },
  ],
} as unknown as Manifest;

test("names of the source are quoted", () => {
  expect(sourceRowsSql(manifest.tables)).toBe(
    `SELECT 'orders' AS name, count(*)::float8 AS rows FROM "public"."core_order" UNION ALL ` +
      `SELECT 'events' AS name, count(*)::float8 AS rows FROM "Odd"."ev""ent"`,
  );
  expect(silverFactsSql(manifest)).toContain(
    `FROM quarantine."events" WHERE state = 'quarantined'`,
  );
});

test("lag is how far silver is behind the newest change file", () => {
  const replication = {
    tables: [
      {
        table: "orders",
        epoch: 2,
        stopped: "too wide",
        newestFileAt: new Date("2026-01-01T00:00:10Z"),
      },
    ],
  } as unknown as ReplicationStatus;
  const silver = [
    {
      table: "orders",
      silverRows: 5,
      quarantinedRows: 1,
      newestApplied: new Date("2026-01-01T00:00:07.5Z"),
    },
    {
      table: "events",
      silverRows: 3,
      quarantinedRows: 0,
      newestApplied: new Date("2026-01-01T00:00:00Z"),
    },
  ];
  const statuses = tableStatuses(manifest, new Map([["orders", 6]]), replication, silver);
  expect(statuses).toEqual([
    {
      table: "orders",
      epoch: 2,
      stopped: "too wide",
      sourceRows: 6,
      silverRows: 5,
      quarantinedRows: 1,
      newestApplied: "2026-01-01T00:00:07.500Z",
      lagSeconds: 2.5,
    },
    {
      table: "events",
      epoch: null,
      stopped: null,
      sourceRows: null,
      silverRows: 3,
      quarantinedRows: 0,
      newestApplied: "2026-01-01T00:00:00.000Z",
      lagSeconds: 0,
    },
  ]);
});

test("before anything ran there is nothing to say", () => {
  expect(tableStatuses(manifest, new Map(), undefined, [])[0]).toMatchObject({
    silverRows: null,
    newestApplied: null,
    lagSeconds: null,
  });
});
