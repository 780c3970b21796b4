"""Measures of a run, and how CloudWatch gets them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from lakewright.metrics import CloudWatchMetrics, Measure, quality_measures, silver_measures
from lakewright.quality import Standing

NOW = datetime(2026, 1, 2, 3, 0, 0, tzinfo=timezone.utc)


class FakeCloudWatch:
    def __init__(self, fails: bool = False) -> None:
        self.requests: list[dict[str, Any]] = []
        self.fails = fails

    def put_metric_data(self, **request: Any) -> None:
        if self.fails:
            raise RuntimeError("no way to CloudWatch")
        self.requests.append(request)


def values(measures: list[Measure], table: str | None) -> dict[str, float]:
    return {m.name: round(m.value, 3) for m in measures if m.table == table}


def test_rows_and_shares_are_of_each_table_and_of_all() -> None:
    measures = silver_measures(
        [
            {"table": "a", "status": "applied", "read": 8, "applied": 6, "quarantined": 2},
            {"table": "b", "status": "idle", "read": 0, "applied": 0, "quarantined": 0},
        ],
        NOW,
    )
    assert values(measures, "a") == {
        "RowsRead": 8,
        "RowsApplied": 6,
        "RowsQuarantined": 2,
        "ValidShare": 75,
    }
    idle = {"RowsRead": 0, "RowsApplied": 0, "RowsQuarantined": 0, "FreshnessMinutes": 0}
    assert values(measures, "b") == idle
    assert values(measures, None) == {
        "RowsRead": 8,
        "RowsApplied": 6,
        "RowsQuarantined": 2,
        "ValidShare": 75,
        "FreshnessMinutes": 0,
    }


def applied(table: str, newest: str) -> dict[str, Any]:
    return {"table": table, "status": "applied", "newest_committed_at": newest}


def test_freshness_is_how_long_the_oldest_change_waited_and_of_the_stalest_table() -> None:
    measures = silver_measures(
        [
            {
                "table": "a",
                "status": "applied",
                "oldest_committed_at": "2026-01-02T02:57:30.000000Z",
                "newest_committed_at": "2026-01-02T02:59:30.000000Z",
            },
            {
                "table": "b",
                "status": "applied",
                "oldest_committed_at": "2026-01-02T02:00:00.000000Z",
                "newest_committed_at": "2026-01-02T02:59:00.000000Z",
            },
            {
                "table": "c",
                "status": "applied",
                "oldest_committed_at": None,
                "newest_committed_at": "2026-01-02T02:59:00.000000Z",
            },
            {"table": "d", "status": "failed", "newest_committed_at": None},
        ],
        NOW,
    )
    ages = {m.table: m.value for m in measures if m.name == "FreshnessMinutes"}
    assert ages == {"a": 2.5, "b": 60, "c": 1, None: 60}


def test_rules_that_could_not_be_judged_do_not_pass_and_those_without_values_do_not_count() -> None:
    standing = [
        Standing("silver", "a", "1", "passed"),
        Standing("silver", "a", "2", "error", severity="stop"),
        Standing("gold", "b", "3", "passed"),
        Standing("gold", "b", "4", "passed"),
        Standing("gold", "c", "5", "skipped"),
    ]
    measures = quality_measures(standing)
    shares = {m.table: m.value for m in measures if m.name == "QualityShare"}
    assert shares == {None: 75, "silver.a": 50, "gold.b": 100}
    stopped = {m.table: m.value for m in measures if m.name == "StopRulesFailed"}
    assert stopped == {None: 1, "silver.a": 1, "gold.b": 0, "gold.c": 0}
    assert all(m.value == 0 for m in measures if m.name == "WarnRulesFailed")


def test_cloudwatch_gets_values_with_the_lakes_dimensions() -> None:
    client = FakeCloudWatch()
    measures = [
        Measure("RowsRead", 3, "Count"),
        Measure("RowsRead", 3, "Count", table="a"),
        Measure("StepSeconds", 1.5, "Seconds", step="gold"),
    ]
    CloudWatchMetrics(client, "saas", "dev").send(measures)
    lake = [{"Name": "Lake", "Value": "saas"}, {"Name": "Environment", "Value": "dev"}]
    step = [*lake, {"Name": "Step", "Value": "gold"}]
    rows = {"MetricName": "RowsRead", "Dimensions": lake, "Value": 3, "Unit": "Count"}
    seconds = {"MetricName": "StepSeconds", "Dimensions": step, "Value": 1.5, "Unit": "Seconds"}
    assert client.requests == [{"Namespace": "Lakewright/saas/dev", "MetricData": [rows, seconds]}]
    CloudWatchMetrics(client, "saas", "dev", per_table=True).send(measures)
    assert client.requests[1]["MetricData"][1]["Dimensions"] == [
        *lake,
        {"Name": "Table", "Value": "a"},
    ]


def test_no_request_has_more_values_than_cloudwatch_takes() -> None:
    client = FakeCloudWatch()
    measures = [Measure("RowsRead", 1, "Count")] * 1001
    CloudWatchMetrics(client, "saas", "dev").send(measures)
    assert [len(request["MetricData"]) for request in client.requests] == [1000, 1]


def test_a_failure_costs_only_the_measures() -> None:
    metrics = CloudWatchMetrics(FakeCloudWatch(fails=True), "saas", "dev")
    metrics.send([Measure("RowsRead", 1, "Count")])
