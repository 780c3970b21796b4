"""Evaluates the quality rules of tables and models and keeps the results.

DQDL rules run over the tables as they are; row-level rules were enforced by silver, so their
results are counts of what quarantine holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from pyspark.sql import DataFrame, Row, Window
from pyspark.sql import functions as F

from lakewright.context import LakeContext
from lakewright.dqdl import (
    Beside,
    Outcome,
    Verdict,
    depends_on_time,
    evaluate_dqdl,
    referenced_tables,
)
from lakewright.errors import UserError, first_line
from lakewright.manifest import QualityRule, Rule, Severity, Table, digest
from lakewright.ops import Ops, run_id
from lakewright.table import LakeTable

Kind = Literal["dqdl", "row", "hold"]
"""A DQDL rule over the table; a row-level rule; a DQDL rule over what a batch would have made of
the table (hold.py)."""

TIME_PASSES = timedelta(minutes=45)
"""Age from which verdicts that depend on time are given anew although nothing changed: within the
hour, where runs come every quarter of it."""

Layer = Literal["silver", "gold"]


@dataclass(frozen=True)
class RuleResult:
    layer: Layer
    table: str
    kind: Kind
    rule: str
    """The DQDL rule's text, or the row-level rule's name."""
    outcome: Outcome
    value: float | None
    """What was measured; for row-level rules the share of rows that hold it."""
    message: str | None
    version: str
    evaluated_at: str
    severity: Severity


@dataclass(frozen=True)
class Standing:
    """The newest verdict on one rule."""

    layer: str
    table: str
    rule: str
    outcome: Outcome
    kind: Kind = "dqdl"
    severity: Severity = "warn"
    value: float | None = None
    message: str | None = None
    evaluated_at: str = ""


def passed_share(verdicts: Sequence[Standing]) -> float | None:
    """The share of rules that pass among those that could be judged; None without any."""
    judged = [verdict.outcome for verdict in verdicts if verdict.outcome != "skipped"]
    return judged.count("passed") / len(judged) if judged else None


@dataclass(frozen=True)
class Evaluated:
    """What a table's newest verdicts are about."""

    versions: str
    at: datetime


@dataclass
class Quality:
    """Evaluates one lake's rules. Keep it: it remembers which versions it has evaluated."""

    context: LakeContext
    ops: Ops
    _evaluated: dict[str, Evaluated] | None = field(default=None)

    def run(
        self,
        tables: Sequence[str] | None = None,
        progress: Callable[[dict[str, Any]], None] = lambda result: None,
        only: str | None = None,
        only_changed: bool | None = None,
    ) -> list[RuleResult]:
        """Evaluates tables and models (default all).

        `only` is a layer, `silver` or `gold`: silver is judged before gold is made from it.
        `only_changed` leaves out what is as it was last evaluated (default: unless named), except
        for rules on which time has passed since.
        """
        only_changed = tables is None if only_changed is None else only_changed
        chosen = [entry for entry in self._chosen(tables) if only in (None, entry[0])]
        seen = self._last_evaluated()
        judged: dict[str, Evaluated] = {}
        results: list[RuleResult] = []
        for layer, name, rules in chosen:
            table = self.context.silver(name) if layer == "silver" else self.context.gold(name)
            if not table.exists():
                continue
            versions = self._versions(layer, name, table)
            now = Evaluated("/".join(versions), datetime.now(timezone.utc))
            last = seen.get(f"{layer}.{name}")
            if only_changed and last and _holds_still(last, now, _texts(rules)):
                continue
            judged[f"{layer}.{name}"] = now
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
        hold = F.col("kind") == "hold"
        latest = F.max("evaluated_at").over(Window.partitionBy("layer", "table", hold))
        found = rows.withColumn("latest", latest).where("evaluated_at = latest")
        ruled = {(layer, name) for layer, name, _ in self._chosen(None)}
        stopping = {(t.name, r.dqdl) for t in self.context.manifest.tables for r in stops(t)}
        return [
            _standing(row)
            for row in found.orderBy("layer", "table", "kind", "rule").collect()
            if (row["layer"], row["table"]) in ruled
            and (row["kind"] != "hold" or (row["table"], row["rule"]) in stopping)
        ]

    def last_verdicts(self, number: int) -> list[Standing]:
        """The last verdicts on any rules, newest first."""
        table = self.ops.quality()
        if not table.exists():
            return []
        newest = table.read().orderBy(F.desc("evaluated_at"), "layer", "table", "kind", "rule")
        return [_standing(row) for row in newest.limit(number).collect()]

    def last_values(self, layer: str, name: str, version: str) -> dict[str, float]:
        """What each DQDL rule of a table measured when it was last evaluated over another version
        than this one, for a version judged twice is not compared with itself."""
        table = self.ops.quality()
        if not table.exists():
            return {}
        measured = table.read().where(F.col("layer") == layer).where(F.col("table") == name)
        measured = measured.where(F.substring_index("version", "/", 1) != version)
        values = measured.where("kind = 'dqdl' AND value IS NOT NULL").groupBy("rule")
        newest = values.agg(F.max_by("value", "evaluated_at").alias("value")).collect()
        return {row["rule"]: row["value"] for row in newest}

    def beside(self, layer: str, name: str, version: str = "") -> Beside:
        """What the rules of that table may read beside its rows; those of a version, or of a batch
        that is none yet."""
        return Beside(
            table=lambda other: self.context.silver(other).read(),
            last=lambda: self.last_values(layer, name, version),
        )

    def gate(self, layer: str) -> dict[str, Any]:
        """Whether what comes after a layer may be made from it; UserError where a rule that stops
        does not hold on what is committed, or fewer rules hold than the definition demands.

        A rule that is not kept stays so until its table is evaluated anew. A batch that is held
        back closes nothing: without it the table is as good as it was.
        """
        committed = [v for v in self.standing() if v.layer == layer and v.kind != "hold"]
        share, threshold = passed_share(committed), self.context.manifest.gate_threshold
        failed = [verdict for verdict in committed if verdict.outcome in ("failed", "error")]
        stopping = [verdict for verdict in failed if verdict.severity == "stop"]
        after = "what comes after stays as it was"
        if stopping:
            raise UserError(f"rules that stop do not hold on {layer}; {after}: {_named(stopping)}")
        if threshold is not None and share is not None and share < threshold:
            raise UserError(
                f"{share:.1%} of the rules on {layer} hold, expected {threshold:.1%}; {after}."
                f" Not kept: {_named(failed)}"
            )
        return {"layer": layer, "share": share, "broken": [f"{v.table}: {v.rule}" for v in failed]}

    def _chosen(self, tables: Sequence[str] | None) -> list[tuple[Layer, str, list[QualityRule]]]:
        manifest = self.context.manifest
        every: list[tuple[Layer, str, list[QualityRule]]] = [
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
        """What results depend on: the table's version, in silver its companion's, the rules, and
        the versions of the tables that these refer to."""
        manifest = self.context.manifest
        if layer == "gold":
            rules = _texts(manifest.model(name).quality)
            return [table.version(), digest([rules]), *self.referenced(rules)]
        rules = _texts(manifest.table(name).quality)
        declared = [[rule.name, rule.check, rule.reason] for rule in manifest.table(name).rules]
        judged = digest([rules, declared, manifest.quality_threshold])
        companion = self.context.quarantine(name)
        return [table.version(), companion.version(), judged, *self.referenced(rules)]

    def referenced(self, rules: Sequence[str]) -> list[str]:
        """The version of each silver table that rules refer to, where it exists."""
        tables = [self.context.silver(name) for name in referenced_tables(rules)]
        return [table.version() if table.exists() else "" for table in tables]

    def _last_evaluated(self) -> dict[str, Evaluated]:
        """What was last evaluated of each table and when, in this process or before it."""
        if self._evaluated is None:
            self._evaluated = {}
            if self.ops.quality().exists():
                rows = self.ops.quality().read().where("kind <> 'hold'").groupBy("layer", "table")
                version = F.max_by("version", "evaluated_at").alias("version")
                found = rows.agg(version, F.max("evaluated_at").alias("at")).collect()
                self._evaluated = {
                    f"{row['layer']}.{row['table']}": Evaluated(row["version"], _utc(row["at"]))
                    for row in found
                }
        return self._evaluated

    def _evaluate(
        self,
        layer: Layer,
        name: str,
        table: LakeTable,
        rules: list[QualityRule],
        versions: list[str],
    ) -> list[RuleResult]:
        """Judges these versions; the table may be written meanwhile. What fails gives `error`."""
        at = datetime.now(timezone.utc).isoformat()

        def result(kind: Kind, verdict: Verdict, severity: Severity = "warn") -> RuleResult:
            return RuleResult(layer, name, kind, *verdict, "/".join(versions), at, severity)

        rows = table.read(versions[0])
        verdicts = evaluate_dqdl(rows, _texts(rules), self.beside(layer, name, versions[0]))
        results = [
            result("dqdl", verdict, rule.severity)
            for rule, verdict in zip(rules, verdicts, strict=True)
        ]
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


def stops(table: Table) -> list[QualityRule]:
    """The rules that keep a batch out of the table."""
    return [rule for rule in table.quality if rule.severity == "stop"]


def _holds_still(last: Evaluated, now: Evaluated, rules: Sequence[str]) -> bool:
    """Whether the last verdicts on a table are those of now."""
    aged = depends_on_time(rules) and now.at - last.at >= TIME_PASSES
    return last.versions == now.versions and not aged


def _named(verdicts: Sequence[Standing]) -> str:
    return "; ".join(sorted(f"{verdict.table}: {verdict.rule}" for verdict in verdicts))


def _texts(rules: Sequence[QualityRule]) -> list[str]:
    return [rule.dqdl for rule in rules]


def _standing(row: Row) -> Standing:
    # Results of before rules had a severity have none.
    values = {**row.asDict(), "severity": row.asDict().get("severity") or "warn"}
    at = _utc(values["evaluated_at"]).isoformat()
    return Standing(
        **{**{each.name: values[each.name] for each in fields(Standing)}, "evaluated_at": at}
    )


def _utc(at: datetime) -> datetime:
    """A timestamp as Spark gives it, whose session and process are in UTC."""
    return at.replace(tzinfo=timezone.utc)
