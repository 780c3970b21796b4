import type { Figure, ReportSection } from "../../lakes/report";
import type { Lake } from "../../model/lake";
import type { Manifest, ManifestTable } from "../../model/manifest";
import { quoteRelation } from "../../model/sql-quoting";
import { qualitySection } from "./quality";

/** What is said of every lake, whatever it holds: quality, freshness and row accounting. */
export function operationSections({ definition, manifest }: Lake): ReportSection[] {
  const wanted = definition.freshnessMinutes ?? { silver: 60, gold: 60 };
  return [
    qualitySection(manifest),
    {
      id: "operation",
      title: "Freshness and accounting",
      sentence: `Wanted: a change is in silver within ${wanted.silver} minutes and in gold within ${wanted.gold}.`,
      figures: [silverFreshness(manifest, wanted.silver), goldFreshness(), accounting()],
    },
  ];
}

/** Commit time of the newest change that silver holds, as `as_of`. */
export function asOfSql({ tables }: Manifest): string {
  return `SELECT max(newest) AS as_of FROM (\n${tables.map(newestApplied).join("\nUNION ALL\n")}\n)`;
}

/** A row with the newest commit time in a silver table or its companion (deletes and quarantine). */
function newestApplied({ name }: ManifestTable): string {
  return `SELECT '${name}' AS name, max(newest) AS newest FROM (
  SELECT CAST(max(_lw_committed_at) AS timestamp(6)) AS newest FROM ${quoteRelation("silver", name)}
  UNION ALL
  SELECT CAST(max(_lw_committed_at) AS timestamp(6)) AS newest FROM ${quoteRelation("quarantine", name)}
)`;
}

/**
 * A quiet source has old changes and is fresh all the same: late is a table for which bronze holds
 * a change that is newer than everything applied, longer than wanted. Changes that were read and
 * rightly not applied (an older epoch, before a truncation) do not count as waiting.
 */
function silverFreshness({ tables }: Manifest, minutes: number): Figure {
  const arrived = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS name, CAST(max(dms_timestamp) AS timestamp(6)) AS arrived FROM ${quoteRelation("bronze", name)}`,
  );
  return {
    kind: "table",
    title: "Silver",
    sentence: "Late: a change has been waiting in bronze for longer than wanted.",
    width: "half",
    sql: `WITH applied AS (
  ${tables.map(newestApplied).join("\n  UNION ALL\n  ")}
),
arrived AS (
  ${arrived.join("\n  UNION ALL\n  ")}
),
runs AS (
  SELECT "table" AS name, max(CAST(started_at AS timestamp(6))) AS started_at
  FROM ops.runs
  WHERE step = 'silver' AND status <> 'failed'
  GROUP BY "table"
),
tables AS (
  SELECT applied.name, applied.newest, runs.started_at AS read_at,
    CASE
      WHEN arrived.arrived > coalesce(applied.newest, TIMESTAMP '0001-01-01 00:00:00')
        AND arrived.arrived > coalesce(runs.started_at, TIMESTAMP '0001-01-01 00:00:00')
        THEN arrived.arrived
    END AS waiting_since
  FROM applied
  LEFT JOIN arrived ON arrived.name = applied.name
  LEFT JOIN runs ON runs.name = applied.name
)
SELECT name, newest, read_at,
  CASE
    WHEN waiting_since < date_add('minute', -${minutes}, :now) THEN 'late'
    WHEN newest IS NULL AND read_at IS NULL THEN 'not loaded'
    ELSE 'fresh'
  END AS state
FROM tables
ORDER BY name`,
    columns: [
      { column: "name", title: "Table", format: "text" },
      { column: "state", title: "State", format: "text", expected: ["fresh"] },
      { column: "newest", title: "Newest change", format: "time" },
      { column: "read_at", title: "Last applied", format: "time" },
    ],
    empty: "The lake has no tables.",
  };
}

function goldFreshness(): Figure {
  return {
    kind: "table",
    title: "Gold",
    sentence:
      "The model refreshed longest ago comes first; one whose inputs do not change stays as it is.",
    width: "half",
    sql: `SELECT "table" AS name,
  max(CAST(started_at AS timestamp(6))) FILTER (WHERE status <> 'failed') AS refreshed_at,
  max_by(upserts + deletes, started_at) AS changed_rows,
  CASE WHEN max_by(status, started_at) = 'failed' THEN 'failed' ELSE 'fresh' END AS state
FROM ops.runs
WHERE step = 'gold'
GROUP BY "table"
ORDER BY state, refreshed_at, name`,
    columns: [
      { column: "name", title: "Model", format: "text" },
      { column: "state", title: "State", format: "text", expected: ["fresh"] },
      { column: "refreshed_at", title: "Last refreshed", format: "time" },
      { column: "changed_rows", title: "Rows changed", format: "count" },
    ],
    shown: 8,
    empty: "No model has been refreshed yet.",
  };
}

function accounting(): Figure {
  return {
    kind: "table",
    title: "Row accounting",
    sentence:
      "All runs so far: read = applied + superseded + ignored + quarantined. Superseded: a newer change of the same key was there.",
    sql: `SELECT "table" AS name, sum(read) AS read, sum(applied) AS applied, sum(superseded) AS superseded,
  sum(ignored) AS ignored, sum(quarantined) AS quarantined,
  sum(read) - sum(applied) - sum(superseded) - sum(ignored) - sum(quarantined) AS unaccounted
FROM ops.runs
WHERE step = 'silver' AND status <> 'failed'
GROUP BY "table"
ORDER BY "table"`,
    columns: [
      { column: "name", title: "Table", format: "text" },
      { column: "read", title: "Read", format: "count" },
      { column: "applied", title: "Applied", format: "count" },
      { column: "superseded", title: "Superseded", format: "count" },
      { column: "ignored", title: "Ignored", format: "count" },
      { column: "quarantined", title: "Quarantined", format: "count" },
      { column: "unaccounted", title: "Unaccounted", format: "count", expected: ["0"] },
    ],
    empty: "No row has been read yet.",
  };
}
