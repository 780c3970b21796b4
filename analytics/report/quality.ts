import type { Figure, ReportSection } from "../../lakes/report";
import { rejectedLinesOf, tablesWithFiles } from "../../model/dropped-files";
import type { Manifest } from "../../model/manifest";
import { quoteRelation } from "../../model/sql-quoting";

/** What is said of any lake's quality: rows in quarantine, and every rule with its verdicts. */
export function qualitySection(manifest: Manifest): ReportSection {
  return {
    id: "quality",
    title: "Quality",
    sentence:
      "Rows that break a rule are kept out of silver, raw and with the reason, until a later change mends them. Rules on whole tables warn, or stop a batch before it is committed.",
    figures: [validRows(manifest), brokenRules(manifest), rulesByTable(), rules()],
  };
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
function rulesByTable(): Figure {
  return {
    kind: "table",
    title: "Rules by table",
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
      { column: "broken", title: "Broken", format: "count", expected: ["0"] },
      { column: "broken_rules", title: "Which", format: "text" },
      { column: "evaluated_at", title: "Evaluated", format: "time" },
    ],
    shown: 10,
    empty: "No rule has been evaluated yet.",
  };
}

/** Every rule with its last verdict and what became of it so far; what needs somebody comes first. */
function rules(): Figure {
  return {
    kind: "table",
    title: "Rules",
    sentence:
      "Each with its last verdict, and how often it was found broken. Severity stop: a batch that breaks the rule is not committed.",
    sql: `WITH judged AS (
  SELECT layer, "table", kind, rule,
    max_by(severity, evaluated_at) AS severity,
    max_by(outcome, evaluated_at) AS outcome,
    max_by(message, evaluated_at) AS message,
    count(*) AS verdicts,
    count_if(outcome IN ('failed', 'error')) AS broken,
    max(evaluated_at) FILTER (WHERE outcome IN ('failed', 'error')) AS broken_at
  FROM ops.quality
  GROUP BY layer, "table", kind, rule
)
SELECT concat(layer, '.', "table") AS name, rule,
  CASE kind WHEN 'row' THEN 'row by row' WHEN 'hold' THEN 'before a commit' ELSE 'whole table' END AS judged,
  coalesce(severity, 'warn') AS severity, outcome, message, verdicts, broken, broken_at
FROM judged
ORDER BY outcome IN ('failed', 'error') DESC, broken DESC, layer DESC, "table", rule, kind`,
    columns: [
      { column: "name", title: "Table", format: "text" },
      { column: "rule", title: "Rule", format: "text" },
      { column: "judged", title: "Judged", format: "text" },
      { column: "severity", title: "Severity", format: "text" },
      { column: "outcome", title: "Last verdict", format: "text", expected: ["passed", "skipped"] },
      { column: "message", title: "Found", format: "text" },
      { column: "verdicts", title: "Verdicts", format: "count" },
      { column: "broken", title: "Broken", format: "count" },
      { column: "broken_at", title: "Last broken", format: "time" },
    ],
    shown: 10,
    empty: "No rule has been evaluated yet.",
  };
}
