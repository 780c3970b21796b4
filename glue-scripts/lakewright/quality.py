"""Evaluates the quality rules of tables and models and keeps the results.

DQDL rules run over the tables as they are; row-level rules were enforced by silver, so their
results are counts of what quarantine holds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from lakewright.context import LakeContext
from lakewright.errors import UserError, first_line
from lakewright.manifest import Rule, digest
from lakewright.ops import Ops, run_id
from lakewright.table import LakeTable

Outcome = Literal["passed", "failed", "skipped", "error"]
"""`skipped`: there are no values to judge."""
Verdict = tuple[str, Outcome, float | None, str | None]
"""Rule, outcome, measured value, message."""
_NO_VALUES = "Empty state"
"""What deequ says of a measure for which there is no value."""


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


@dataclass(frozen=True)
class Standing:
    """The newest verdict on one rule."""

    layer: str
    table: str
    rule: str
    outcome: Outcome


def passed_share(verdicts: Sequence[Standing]) -> float | None:
    """The share of rules that pass among those that could be judged; None without any."""
    judged = [verdict.outcome for verdict in verdicts if verdict.outcome != "skipped"]
    return judged.count("passed") / len(judged) if judged else None


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
        only_changed: bool | None = None,
    ) -> list[RuleResult]:
        """Evaluates tables and models (default all).

        `only` is a layer, `silver` or `gold`: silver is judged before gold is made from it.
        `only_changed` leaves out what is as it was last evaluated (default: unless named).
        """
        only_changed = tables is None if only_changed is None else only_changed
        chosen = [entry for entry in self._chosen(tables) if only in (None, entry[0])]
        seen = self._last_versions()
        judged: dict[str, str] = {}
        results: list[RuleResult] = []
        for layer, name, rules in chosen:
            table = self.context.silver(name) if layer == "silver" else self.context.gold(name)
            if not table.exists():
                continue
            versions = self._versions(layer, name, table)
            judged[f"{layer}.{name}"] = "/".join(versions)
            if only_changed and seen.get(f"{layer}.{name}") == "/".join(versions):
                continue
            found = self._evaluate(layer, name, table, rules, versions)
            results += found
            progress({"layer": layer, "table": name, "rules": len(found)})
        run = run_id()
        self.ops.append_quality([{**asdict(result), "run_id": run} for result in results])
        seen |= judged
        return results

    def standing(self) -> list[Standing]:
        """The newest verdict on every rule of every table, whenever it was evaluated."""
        table = self.ops.quality()
        if not table.exists():
            return []
        rows = table.read()
        newest = rows.groupBy("layer", "table").agg(F.max("evaluated_at").alias("evaluated_at"))
        found = rows.join(newest, ["layer", "table", "evaluated_at"])
        ruled = {(layer, name) for layer, name, _ in self._chosen(None)}
        verdicts = found.select("layer", "table", "rule", "outcome").collect()
        return [Standing(*row) for row in verdicts if (row["layer"], row["table"]) in ruled]

    def gate(self, layer: str) -> dict[str, Any]:
        """The share of a layer's rules that pass; UserError where it is below the lake's threshold.

        A rule that is not kept stays so until its table is evaluated anew.
        """
        standing = [verdict for verdict in self.standing() if verdict.layer == layer]
        share, threshold = passed_share(standing), self.context.manifest.quality_threshold
        broken = [f"{v.table}: {v.rule}" for v in standing if v.outcome in ("failed", "error")]
        if share is not None and share < threshold:
            raise UserError(
                f"{share:.1%} of the rules on {layer} pass, expected {threshold:.1%};"
                f" what comes after stays as it was. Not kept: {'; '.join(sorted(broken))}"
            )
        return {"layer": layer, "share": share, "threshold": threshold, "broken": broken}

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

    def _versions(self, layer: str, name: str, table: LakeTable) -> list[str]:
        """What results depend on: the table's version, in silver its companion's, and the rules."""
        manifest = self.context.manifest
        if layer == "gold":
            return [table.version(), digest([manifest.model(name).quality])]
        rules = manifest.table(name).rules
        declared = [[rule.name, rule.check, rule.reason] for rule in rules]
        judged = [manifest.table(name).quality, declared, manifest.quality_threshold]
        return [table.version(), self.context.quarantine(name).version(), digest(judged)]

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
        versions: list[str],
    ) -> list[RuleResult]:
        """Judges these versions; the table may be written meanwhile. What fails gives `error`."""
        at = datetime.now(timezone.utc).isoformat()

        def result(kind: Literal["dqdl", "row"], verdict: Verdict) -> RuleResult:
            return RuleResult(layer, name, kind, *verdict, "/".join(versions), at)

        rows = table.read(versions[0])
        results = [result("dqdl", verdict) for verdict in evaluate_dqdl(rows, rules)]
        if layer == "silver":
            companion = self.context.quarantine(name).read(versions[1])
            declared = self.context.manifest.table(name).rules
            results += [result("row", v) for v in self._row_rules(rows, companion, declared)]
        return results

    def _row_rules(
        self, rows: DataFrame, companion: DataFrame, rules: Sequence[Rule]
    ) -> list[Verdict]:
        """For each row-level rule the share of source rows that hold it."""
        if not rules:
            return []
        broken = companion.where("state = 'quarantined'")
        reasons = broken.select(F.explode("reasons").alias("reason")).groupBy("reason").count()
        try:
            numbers = {row["reason"].split(":")[0]: row["count"] for row in reasons.collect()}
            total = rows.count() + broken.count()
        except Exception as error:
            return [(rule.name, "error", None, first_line(error)) for rule in rules]
        threshold = self.context.manifest.quality_threshold
        verdicts: list[Verdict] = []
        for rule in rules:
            number = numbers.get(rule.name, 0)
            share = 1 - number / total if total else 1.0
            message = f"{number} of {total} rows in quarantine: {rule.reason}" if number else None
            verdicts.append(
                (rule.name, "passed" if share >= threshold else "failed", share, message)
            )
        return verdicts


def evaluate_dqdl(rows: DataFrame, rules: Sequence[str]) -> list[Verdict]:
    """The verdict on each DQDL rule, in the order given.

    One call of deequ for all rules; on AWS Glue its two jars come by `--extra-jars`. A rule that
    the evaluator refuses gives `error`, one that finds no values `skipped`, the others their
    verdicts.
    """
    if not rules:
        return []
    try:
        found = {_plain(row["Rule"]): row for row in _process(rows, rules).collect()}
    except Exception as error:
        if len(rules) > 1:
            return [verdict for rule in rules for verdict in evaluate_dqdl(rows, [rule])]
        return [(rules[0], "error", None, first_line(error))]
    return [_verdict(rule, found.get(_plain(rule))) for rule in rules]


def _verdict(rule: str, row: Row | None) -> Verdict:
    if row is None:
        return rule, "error", None, "the evaluator gave no result for this rule"
    measured = next(iter((row["EvaluatedMetrics"] or {}).values()), None)
    value = measured if measured is not None and math.isfinite(measured) else None
    if row["Outcome"] == "Passed":
        return rule, "passed", value, None
    reason = row["FailureReason"]
    if _NO_VALUES in (reason or ""):
        return rule, "skipped", None, "not evaluated: the table is empty or has no values there"
    return rule, "failed", value, reason


def _process(rows: DataFrame, rules: Sequence[str]) -> DataFrame:
    ruleset = f"Rules = [ {', '.join(rules)} ]"
    spark = rows.sparkSession
    jvm: Any = spark.sparkContext._jvm
    result = jvm.com.amazon.deequ.dqdl.EvaluateDataQuality.process(rows._jdf, ruleset)
    return DataFrame(result, spark)


def _plain(rule: str) -> str:
    """A rule's text without differences of blanks: the evaluator formats it anew."""
    return "".join(json.dumps(rule).split()).lower()
