"""Evaluates the quality rules of tables and models and keeps the results.

DQDL rules run over the tables as they are; row-level rules were enforced by silver, so their
results are counts of what quarantine holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakewright.context import LakeContext
from lakewright.errors import UserError, first_line
from lakewright.manifest import Table
from lakewright.ops import Ops, run_id
from lakewright.table import LakeTable

Outcome = Literal["passed", "failed", "error"]


@dataclass(frozen=True)
class RuleResult:
    layer: Literal["silver", "gold"]
    table: str
    kind: Literal["dqdl", "row"]
    rule: str
    """The DQDL rule's text, or the row-level rule's name."""
    outcome: Outcome
    value: float | None
    """What was measured; for row-level rules the share of rows that hold it."""
    message: str | None
    version: str
    evaluated_at: str


@dataclass
class Quality:
    """Evaluates one lake's rules. Keep it: it remembers which versions it has evaluated."""

    context: LakeContext
    ops: Ops
    _evaluated: dict[str, str] | None = field(default=None)

    def run(
        self,
        tables: Sequence[str] | None = None,
        progress: Callable[[dict[str, Any]], None] = lambda result: None,
        only: str | None = None,
    ) -> list[RuleResult]:
        """Evaluates tables and models (default all) that changed since they were last evaluated.

        `only` is a layer, `silver` or `gold`: silver is judged before gold is made from it.
        """
        chosen = [entry for entry in self._chosen(tables) if only in (None, entry[0])]
        seen = self._last_versions()
        results: list[RuleResult] = []
        for layer, name, rules in chosen:
            table = self.context.silver(name) if layer == "silver" else self.context.gold(name)
            if not table.exists():
                continue
            version = self._version(layer, name, table)
            if seen.get(f"{layer}.{name}") == version and tables is None:
                continue
            found = self._evaluate(layer, name, table, rules, version)
            seen[f"{layer}.{name}"] = version
            results += found
            progress({"layer": layer, "table": name, "rules": len(found)})
        run = run_id()
        self.ops.append_quality([{**asdict(result), "run_id": run} for result in results])
        return results

    def _chosen(
        self, tables: Sequence[str] | None
    ) -> list[tuple[Literal["silver", "gold"], str, list[str]]]:
        manifest = self.context.manifest
        every: list[tuple[Literal["silver", "gold"], str, list[str]]] = [
            *(("silver", t.name, t.quality) for t in manifest.tables if t.quality or t.rules),
            *(("gold", m.name, m.quality) for m in manifest.models if m.quality),
        ]
        if tables is None:
            return every
        unknown = set(tables) - {name for _, name, _ in every}
        if unknown:
            known = ", ".join(name for _, name, _ in every)
            raise UserError(f"no rules for {', '.join(sorted(unknown))}; rules are on {known}")
        return [entry for entry in every if entry[1] in tables]

    def _version(self, layer: str, name: str, table: LakeTable) -> str:
        """What the results depend on: the table's version, its companion's, and the rules."""
        if layer == "gold":
            return table.version()
        return f"{table.version()}/{self.context.quarantine(name).version()}"

    def _last_versions(self) -> dict[str, str]:
        """The version of each table that was last evaluated, in this process or before it."""
        if self._evaluated is None:
            rows = self.ops.quality().read().groupBy("layer", "table")
            found = rows.agg(F.max_by("version", "evaluated_at").alias("version")).collect()
            self._evaluated = {f"{row['layer']}.{row['table']}": row["version"] for row in found}
        return self._evaluated

    def _evaluate(
        self,
        layer: Literal["silver", "gold"],
        name: str,
        table: LakeTable,
        rules: list[str],
        version: str,
    ) -> list[RuleResult]:
        at = datetime.now(timezone.utc).isoformat()

        def result(
            kind: Literal["dqdl", "row"],
            rule: str,
            outcome: Outcome,
            value: float | None,
            message: str | None,
        ) -> RuleResult:
            return RuleResult(layer, name, kind, rule, outcome, value, message, version, at)

        rows = table.read()
        results = [result("dqdl", *verdict) for verdict in evaluate_dqdl(rows, rules)]
        if layer == "silver":
            results += [result("row", *v) for v in self._row_rules(rows, name)]
        return results

    def _row_rules(
        self, rows: DataFrame, name: str
    ) -> list[tuple[str, Outcome, float | None, str | None]]:
        """For each row-level rule the share of source rows that hold it."""
        table: Table = self.context.manifest.table(name)
        if not table.rules:
            return []
        broken = self.context.quarantine(name).read().where("state = 'quarantined'")
        reasons = broken.select(F.explode("reasons").alias("reason")).groupBy("reason").count()
        numbers = {row["reason"].split(":")[0]: row["count"] for row in reasons.collect()}
        total = rows.count() + broken.count()
        threshold = self.context.manifest.quality_threshold
        verdicts: list[tuple[str, Outcome, float | None, str | None]] = []
        for rule in table.rules:
            number = numbers.get(rule.name, 0)
            share = 1 - number / total if total else 1.0
            message = f"{number} of {total} rows in quarantine: {rule.reason}" if number else None
            verdicts.append(
                (rule.name, "passed" if share >= threshold else "failed", share, message)
            )
        return verdicts


def evaluate_dqdl(
    rows: DataFrame, rules: Sequence[str]
) -> list[tuple[str, Outcome, float | None, str | None]]:
    """Rule, outcome, measured value and message of each DQDL rule, in the order given.

    One call of deequ for all rules; on AWS Glue its two jars come by `--extra-jars`. A rule that
    the evaluator refuses gives `error`, the others their verdicts.
    """
    if not rules:
        return []
    try:
        found = {_plain(row["Rule"]): row for row in _process(rows, rules).collect()}
    except Exception as error:
        if len(rules) > 1:
            return [verdict for rule in rules for verdict in evaluate_dqdl(rows, [rule])]
        return [(rules[0], "error", None, first_line(error))]
    verdicts: list[tuple[str, Outcome, float | None, str | None]] = []
    for rule in rules:
        row = found.get(_plain(rule))
        if row is None:
            verdicts.append((rule, "error", None, "the evaluator gave no result for this rule"))
            continue
        outcome: Outcome = "passed" if row["Outcome"] == "Passed" else "failed"
        values = list((row["EvaluatedMetrics"] or {}).values())
        verdicts.append((rule, outcome, values[0] if values else None, row["FailureReason"]))
    return verdicts


def _process(rows: DataFrame, rules: Sequence[str]) -> DataFrame:
    ruleset = f"Rules = [ {', '.join(rules)} ]"
    spark = rows.sparkSession
    jvm: Any = spark.sparkContext._jvm
    result = jvm.com.amazon.deequ.dqdl.EvaluateDataQuality.process(rows._jdf, ruleset)
    return DataFrame(result, spark)


def _plain(rule: str) -> str:
    """A rule's text without differences of blanks: the evaluator formats it anew."""
    return "".join(json.dumps(rule).split()).lower()
