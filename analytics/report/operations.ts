import type { Figure, ReportSection } from "../../lakes/report";
import { rejectedLinesOf, tablesWithFiles } from "../../model/dropped-files";
import type { Lake } from "../../model/lake";
import type { Manifest, ManifestTable } from "../../model/manifest";
import { quoteRelation } from "../../model/sql-quoting";

/** What is said of every lake, whatever it holds: quality, freshness and row accounting. */
export function operationSections({ definition, manifest }: Lake): ReportSection[] {
  const wanted = definition.freshnessMinutes ?? { silver: 60, gold: 60 };
  return [
    {
      id: "quality",
      title: "Quality",
      sentence:
        "Rows that break a rule are kept out of silver, raw and with the reason, until a later change mends them.",
      figures: [validRows(manifest), brokenRules(manifest), latestRules()],
    },
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

function validRows({ tables }: Manifest): Figure {
  const counts = tables.map(({ name, files }) => {
    const rejected = files
      ? ` + (SELECT count(*) FROM ${quoteRelation("quarantine", rejectedLinesOf(name))})`
      : "";
    return `SELECT '${name}' AS name,
  (SELECT count(*) FROM ${quoteRelation("silver", name)}) AS valid_rows,
  (SELECT count(*) FROM ${quoteRelation("quarantine", name)} WHERE state = 'quarantined')${rejected} AS quarantined_rows`;
  });
  return {
    kind: "table",
    title: "Valid rows",
    width: "half",
    sql: `SELECT name, valid_rows, quarantined_rows,
  CAST(valid_rows AS double) / nullif(valid_rows + quarantined_rows, 0) AS valid_share
FROM (
${counts.join("\nUNION ALL\n")}
)
ORDER BY name`,
    columns: [
      { column: "name", title: "Table", format: "text" },
      { column: "valid_rows", title: "In silver", format: "count" },
      { column: "quarantined_rows", title: "In quarantine", format: "count" },
      { column: "valid_share", title: "Valid", format: "share" },
    ],
    empty: "No table has been loaded yet.",
  };
}

/**
 * Quarantine keeps `rule: reason` for each rule that a row breaks; the page says the reason. Of a
 * line of a file that is no row it keeps what is wrong; the page leaves the value out.
 */
function brokenRules(manifest: Manifest): Figure {
  const rows = manifest.tables.map(
    ({ name }) => `SELECT '${name}' AS name, regexp_replace(reason, '^\\w+: ', '') AS reason,
  count(*) AS broken_rows
FROM ${quoteRelation("quarantine", name)} CROSS JOIN UNNEST(reasons) AS broken (reason)
WHERE state = 'quarantined'
GROUP BY 2`,
  );
  const lines = tablesWithFiles(manifest).map(
    ({ name }) => `SELECT '${name}' AS name,
  regexp_replace(reason, '(?s) is ''.*'', expected ', ' is no ') || ' (line of a file)' AS reason,
  count(*) AS broken_rows
FROM ${quoteRelation("quarantine", rejectedLinesOf(name))} CROSS JOIN UNNEST(reasons) AS broken (reason)
GROUP BY 2`,
  );
  const broken = [...rows, ...lines];
  return {
    kind: "table",
    title: "Why rows are in quarantine",
    width: "half",
    sql: `${broken.join("\nUNION ALL\n")}\nORDER BY broken_rows DESC, name, reason`,
    columns: [
      { column: "name", title: "Table", format: "text" },
      { column: "reason", title: "Reason", format: "text" },
      { column: "broken_rows", title: "Rows", format: "count" },
    ],
    shown: 10,
    empty: "No row is in quarantine.",
  };
}

/** The outcome of every rule when it was last evaluated, counted per table. */
function latestRules(): Figure {
  return {
    kind: "table",
    title: "Rules",
    sentence:
      "As of their last evaluation, of rows and of whole tables. A rule that could not be evaluated counts as broken, one that found no values does not.",
    sql: `WITH latest AS (
  SELECT layer, "table", kind, rule, max_by(outcome, evaluated_at) AS outcome, max(evaluated_at) AS evaluated_at
  FROM ops.quality
  GROUP BY layer, "table", kind, rule
)
SELECT concat(layer, '.', "table") AS name,
  count(*) AS rules,
  count_if(outcome = 'passed') AS passed,
  count_if(outcome IN ('failed', 'error')) AS broken,
  array_join(array_agg(rule ORDER BY rule) FILTER (WHERE outcome IN ('failed', 'error')), ', ') AS broken_rules,
  max(evaluated_at) AS evaluated_at
FROM latest
GROUP BY layer, "table"
ORDER BY broken DESC, layer DESC, "table"`,
    columns: [
      { column: "name", title: "Table", format: "text" },
      { column: "rules", title: "Rules", format: "count" },
      { column: "passed", title: "Passed", format: "count" },
      { column: "broken", title: "Broken", format: "count", expected: "0" },
      { column: "broken_rules", title: "Which", format: "text" },
      { column: "evaluated_at", title: "Evaluated", format: "time" },
    ],
    shown: 10,
    empty: "No rule has been evaluated yet.",
  };
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
      { column: "state", title: "State", format: "text", expected: "fresh" },
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
      { column: "state", title: "State", format: "text", expected: "fresh" },
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
      { column: "unaccounted", title: "Unaccounted", format: "count", expected: "0" },
    ],
    empty: "No row has been read yet.",
  };
}
