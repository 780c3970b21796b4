"""What a run measures, for alarms and dashboards: on AWS CloudWatch metrics, locally nothing.

| metric | unit | meaning |
| --- | --- | --- |
| RowsRead, RowsApplied, RowsQuarantined | rows | of bronze, by this run |
| ValidShare | percent | rows read that are not quarantined; without rows no value |
| QualityShare | percent | quality rules that pass, by the newest verdict on each |
| StopRulesFailed, WarnRulesFailed | rules | those of that severity that do not pass, likewise |
| FreshnessMinutes | minutes | age of the oldest change as it became readable; 0 where none waits |
| StepSeconds | seconds | duration of a step |

The namespace is the lake's own, `Lakewright/saas/dev`: no other lake's job may write there, and its
policy (model/aws/job.ts) knows it by this name. Dimensions are Lake and Environment, for
StepSeconds also Step; where asked, all but that one come once more for each table, with the
dimension Table.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from lakewright.quality import Standing, passed_share

SENT_AT_ONCE = 1000
"""Values in one request, by the API reference of CloudWatch's PutMetricData."""

Unit = Literal["Count", "Percent", "Seconds", "None"]


@dataclass(frozen=True)
class Measure:
    """One value; of a table, a step, or the lake as a whole."""

    name: str
    value: float
    unit: Unit
    table: str | None = None
    step: str | None = None


class Metrics(Protocol):
    """Where measures go."""

    def send(self, measures: Sequence[Measure]) -> None:
        """Sends them; a failure costs only the measures."""
        ...


@dataclass
class CloudWatchMetrics:
    """CloudWatch by boto3's client for it. `per_table`: each table's too, which costs by number."""

    client: Any
    lake: str
    environment: str
    per_table: bool = False

    def send(self, measures: Sequence[Measure]) -> None:
        namespace = f"Lakewright/{self.lake}/{self.environment}"
        wanted = [measure for measure in measures if self.per_table or measure.table is None]
        try:
            for start in range(0, len(wanted), SENT_AT_ONCE):
                some = wanted[start : start + SENT_AT_ONCE]
                data = [self._datum(measure) for measure in some]
                self.client.put_metric_data(Namespace=namespace, MetricData=data)
        except Exception:
            traceback.print_exc()

    def _datum(self, measure: Measure) -> dict[str, Any]:
        dimensions = {
            "Lake": self.lake,
            "Environment": self.environment,
            **({"Table": measure.table} if measure.table else {}),
            **({"Step": measure.step} if measure.step else {}),
        }
        return {
            "MetricName": measure.name,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            "Value": measure.value,
            "Unit": measure.unit,
        }


def silver_measures(results: Sequence[Mapping[str, Any]], now: datetime) -> list[Measure]:
    """What a silver step did to each table, and to all of them together."""
    measures: list[Measure] = []
    ages: list[float] = []
    for result in results:
        name = str(result["table"])
        measures += _row_measures([result], name)
        age = _age(result, now)
        if age is not None:
            ages.append(age)
            measures.append(Measure("FreshnessMinutes", age, "None", name))
    measures += _row_measures(results, None)
    if ages:
        measures.append(Measure("FreshnessMinutes", max(ages), "None"))
    return measures


def quality_measures(standing: Iterable[Standing]) -> list[Measure]:
    """The share of rules that pass and how many do not, per table and of all."""
    every = list(standing)
    tables = sorted({f"{verdict.layer}.{verdict.table}" for verdict in every})
    groups: list[tuple[str | None, list[Standing]]] = [(None, every)]
    groups += [(name, [v for v in every if f"{v.layer}.{v.table}" == name]) for name in tables]
    return [measure for name, verdicts in groups for measure in _rule_measures(verdicts, name)]


def _rule_measures(verdicts: Sequence[Standing], table: str | None) -> list[Measure]:
    failed = [verdict.severity for verdict in verdicts if verdict.outcome in ("failed", "error")]
    measures = [
        Measure("StopRulesFailed", failed.count("stop"), "Count", table),
        Measure("WarnRulesFailed", failed.count("warn"), "Count", table),
    ]
    share = passed_share(verdicts)
    if share is not None:
        measures.append(Measure("QualityShare", 100 * share, "Percent", table))
    return measures


def _row_measures(results: Sequence[Mapping[str, Any]], table: str | None) -> list[Measure]:
    read, applied, quarantined = (
        sum(int(result.get(name) or 0) for result in results)
        for name in ("read", "applied", "quarantined")
    )
    measures = [
        Measure("RowsRead", read, "Count", table),
        Measure("RowsApplied", applied, "Count", table),
        Measure("RowsQuarantined", quarantined, "Count", table),
    ]
    if read:
        measures.append(Measure("ValidShare", 100 * (1 - quarantined / read), "Percent", table))
    return measures


def _age(result: Mapping[str, Any], now: datetime) -> float | None:
    """Minutes since the oldest of the changes newly applied was committed; of a load, a relisting
    and files, which did not wait, since the newest. None where nothing is known of what waits."""
    if result["status"] == "idle":
        return 0.0
    since = result.get("oldest_committed_at") or result.get("newest_committed_at")
    if result["status"] != "applied" or not since:
        return None
    # Python 3.10 does not read the Z.
    committed_at = datetime.fromisoformat(since.replace("Z", "+00:00"))
    return max(0.0, (now - committed_at).total_seconds() / 60)
