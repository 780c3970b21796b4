"""Evaluates DQDL rules over rows by deequ: the same rules that AWS Glue Data Quality evaluates."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

from pyspark.sql import DataFrame, Row

from lakewright.errors import first_line

Outcome = Literal["passed", "failed", "skipped", "error"]
"""`skipped`: there are no values to judge."""
Verdict = tuple[str, Outcome, float | None, str | None]
"""Rule, outcome, measured value, message."""

_NO_VALUES = "Empty state"
"""What deequ says of a measure for which there is no value."""
_REFERENCE = re.compile(r'ReferentialIntegrity\s+"[^"]*"\s+"\{?(\w+)\.')
_LAST = re.compile(r"last\(\s*1?\s*\)")
"""What a rule measured when last evaluated: AWS Glue keeps it itself, deequ knows numbers alone."""
_TIME = re.compile(
    r"\b(current_(timestamp|date)|localtimestamp|DataFreshness)\b"
    r"|\b(now|curdate|unix_timestamp)\s*\(",
    re.IGNORECASE,
)


def _nothing(name: str) -> DataFrame:
    raise KeyError(f"no table {name} to compare with")


@dataclass(frozen=True)
class Beside:
    """What rules may read beside the rows that they judge."""

    table: Callable[[str], DataFrame] = _nothing
    """The silver table of that name, for rules on references."""
    last: Callable[[], Mapping[str, float]] = dict
    """What each rule measured when last evaluated; asked for where a rule compares with that."""


def referenced_tables(rules: Sequence[str]) -> list[str]:
    """The silver tables whose rows the rules read beside their own table's, by name."""
    return sorted({name for rule in rules for name in _REFERENCE.findall(rule)})


def depends_on_time(rules: Sequence[str]) -> bool:
    """Whether a verdict may change by the passing of time alone."""
    return any(map(_TIME.search, rules))


def evaluate_dqdl(
    rows: DataFrame, rules: Sequence[str], beside: Beside | None = None
) -> list[Verdict]:
    """The verdict on each DQDL rule, in the order given.

    One call of deequ for all rules; on AWS Glue its two jars come by `--extra-jars`. A rule that
    the evaluator refuses gives `error`, one that finds no values `skipped`, the others their
    verdicts.
    """
    beside = beside or Beside()
    last = beside.last() if any(map(_LAST.search, rules)) else {}
    texts = [_LAST.sub(repr(last.get(rule, 0.0)), rule) for rule in rules]
    judged = _judge(rows, texts, beside)
    return [
        _first_time(rule, judged[text])
        if text != rule and rule not in last
        else (rule, *judged[text])
        for rule, text in zip(rules, texts, strict=True)
    ]


_Judgement = tuple[Outcome, float | None, str | None]


def _first_time(rule: str, judgement: _Judgement) -> Verdict:
    """Of a rule that compares with what it measured last: what it measures now is all there is."""
    outcome, value, message = judgement
    if value is None:
        return rule, outcome, value, message
    return rule, "skipped", value, "not judged: there is no earlier value to compare with"


def _judge(rows: DataFrame, rules: Sequence[str], beside: Beside) -> dict[str, _Judgement]:
    if not rules:
        return {}
    try:
        found = {_plain(row["Rule"]): row for row in _process(rows, rules, beside).collect()}
    except Exception as error:
        if len(rules) > 1:
            each = [_judge(rows, [rule], beside) for rule in rules]
            return {rule: judgement for one in each for rule, judgement in one.items()}
        return {rules[0]: ("error", None, first_line(error))}
    return {rule: _judgement(found.get(_plain(rule))) for rule in rules}


def _judgement(row: Row | None) -> _Judgement:
    if row is None:
        return "error", None, "the evaluator gave no result for this rule"
    measured = next(iter((row["EvaluatedMetrics"] or {}).values()), None)
    value = measured if measured is not None and math.isfinite(measured) else None
    if row["Outcome"] == "Passed":
        return "passed", value, None
    reason = row["FailureReason"]
    if _NO_VALUES in (reason or ""):
        return "skipped", None, "not evaluated: the table is empty or has no values there"
    return "failed", value, reason


def _process(rows: DataFrame, rules: Sequence[str], beside: Beside) -> DataFrame:
    ruleset = f"Rules = [ {', '.join(rules)} ]"
    jvm: Any = rows.sparkSession.sparkContext._jvm
    others = {name: beside.table(name)._jdf for name in referenced_tables(rules)}
    rows = _as_primary(rows) if "CustomSql" in ruleset else rows
    evaluate = jvm.com.amazon.deequ.dqdl.EvaluateDataQuality.process
    arguments = [jvm.PythonUtils.toScalaMap(others)] if others else []
    return DataFrame(evaluate(rows._jdf, ruleset, *arguments), rows.sparkSession)


def _as_primary(rows: DataFrame) -> DataFrame:
    """The rows in a session of their own, as the view `primary` that rules in SQL read."""
    view = f"primary_{uuid4().hex}"
    rows.createGlobalTempView(view)
    session = rows.sparkSession.newSession()
    own = session.table(f"global_temp.{view}")
    own.createTempView("primary")
    rows.sparkSession.catalog.dropGlobalTempView(view)
    return own


def _plain(rule: str) -> str:
    """A rule's text without differences of blanks: the evaluator formats it anew."""
    return "".join(json.dumps(rule).split()).lower()
