"""DQDL rules by deequ, row-level rules by what quarantine holds, and where results are kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from gold_lake import GoldLake
from pyspark.sql import SparkSession

from lakewright import quality as quality_module
from lakewright.companion import companion_schema
from lakewright.context import LakeContext
from lakewright.dqdl import evaluate_dqdl
from lakewright.errors import UserError
from lakewright.locations import Locations
from lakewright.manifest import QualityRule, Rule
from lakewright.ops import Ops
from lakewright.quality import Quality, RuleResult
from lakewright.steps import Steps

RULES = [
    'ColumnValues "amount" >= 0',
    'IsComplete "id"',
    "RowCount > 2",
    'Completeness "tenant_id" > 0.4',
    'IsComplete "nosuch"',
]


@pytest.fixture
def context(spark: SparkSession, locations: Locations) -> LakeContext:
    lake = GoldLake.make(spark, locations, "hudi", tables=("orders",))
    manifest = lake.context.manifest
    orders = replace(
        manifest.table("orders"),
        quality=[QualityRule(rule, "warn") for rule in RULES],
        rules=[Rule("cheap", "amount < 100", "too dear"), Rule("known", "id > 0", "unknown")],
    )
    context = LakeContext(spark, replace(manifest, tables=[orders], models=[]), locations)
    rows = [(1, 1, 1, "2026-01", Decimal(5)), (2, None, 1, "2026-01", Decimal(-1))]
    context.silver("orders").apply(lake.rows("orders", rows), None, {})
    companion = context.quarantine("orders")
    schema = companion_schema(orders, context.silver("orders").schema())
    companion.create(schema, {})
    broken = [(3, "quarantined", ["cheap: too dear"], "{}", "e0001:", None)]
    companion.apply(spark.createDataFrame(broken, schema), None, {})
    Ops(context).initialise()
    return context


def by_rule(results: list[RuleResult]) -> dict[str, tuple[str, float | None]]:
    return {result.rule: (result.outcome, result.value) for result in results}


def test_each_rule_has_its_own_verdict_and_value(context: LakeContext) -> None:
    found = by_rule(Quality(context, Ops(context)).run())
    assert found == {
        'ColumnValues "amount" >= 0': ("failed", -1.0),
        'IsComplete "id"': ("passed", 1.0),
        "RowCount > 2": ("failed", 2.0),
        'Completeness "tenant_id" > 0.4': ("passed", 0.5),
        'IsComplete "nosuch"': (found['IsComplete "nosuch"'][0], None),
        "cheap": ("failed", pytest.approx(2 / 3)),
        "known": ("passed", 1.0),
    }
    assert found['IsComplete "nosuch"'][0] in ("failed", "error")


def test_results_are_kept_and_unchanged_tables_are_not_evaluated_again(
    spark: SparkSession, context: LakeContext
) -> None:
    quality = Quality(context, Ops(context))
    assert len(quality.run()) == 7
    assert quality.run() == []
    assert Quality(context, Ops(context)).run() == [], "the kept results tell it too"
    assert len(quality.run(["orders"])) == 7, "asked for by name it is evaluated"
    assert quality.run(["orders"], only_changed=True) == []
    kept = Ops(context).quality().read()
    assert kept.count() == 14
    row = kept.where("rule = 'cheap'").first()
    assert row is not None
    assert (row["layer"], row["table"], row["kind"]) == ("silver", "orders", "row")
    assert row["message"] == "1 of 3 rows in quarantine: too dear"


def test_changed_rules_are_evaluated_on_unchanged_tables(
    spark: SparkSession, context: LakeContext
) -> None:
    Quality(context, Ops(context)).run()
    orders = context.manifest.table("orders")
    dear = replace(orders, rules=[replace(rule, check="true") for rule in orders.rules])
    for changed in (replace(orders, quality=[QualityRule("RowCount > 7", "warn")]), dear):
        tables = [changed if table is orders else table for table in context.manifest.tables]
        manifest = replace(context.manifest, tables=tables)
        fresh = LakeContext(spark, manifest, context.locations)
        found = Quality(fresh, Ops(fresh)).run()
        assert {result.table for result in found} == {"orders"}


def with_rules(context: LakeContext, *rules: str) -> LakeContext:
    """The same lake with these rules on its table `orders`, and no row-level rules."""
    tables = [
        replace(table, quality=[QualityRule(rule, "warn") for rule in rules], rules=[])
        for table in context.manifest.tables
    ]
    return LakeContext(context.spark, replace(context.manifest, tables=tables), context.locations)


def test_a_table_that_stands_still_is_judged_again_when_one_that_its_rules_refer_to_changes(
    spark: SparkSession, locations: Locations
) -> None:
    lake = GoldLake.make(spark, locations, "delta", tables=("orders", "items"))
    rule = QualityRule('ReferentialIntegrity "order_id" "orders.id" = 1.0', "warn")
    tables = [
        replace(table, quality=[rule] if table.name == "items" else [], rules=[])
        for table in lake.context.manifest.tables
    ]
    context = LakeContext(spark, replace(lake.context.manifest, tables=tables), locations)
    for name in ("orders", "items"):
        schema = context.silver(name).schema()
        context.quarantine(name).create(companion_schema(context.manifest.table(name), schema), {})
    orders = [(7, 1, 1, "2026-01", Decimal(5))]
    context.silver("orders").apply(lake.rows("orders", orders), None, {})
    context.silver("items").apply(lake.rows("items", [(1, 7, 1, 1)]), None, {})
    quality = Quality(context, Ops(context))
    assert by_rule(quality.run()) == {rule.dqdl: ("passed", 1.0)}
    assert quality.run() == []
    context.silver("orders").apply(None, lake.rows("orders", orders), {})
    assert by_rule(quality.run()) == {rule.dqdl: ("failed", 0.0)}
    assert Quality(context, Ops(context)).run() == [], "the kept results tell it too"


FRESH = (
    "CustomSql \"SELECT count(*) FROM primary WHERE current_timestamp() > timestamp'2026-01-01'\""
    " > 0"
)


@pytest.mark.parametrize(("rule", "judged"), [(FRESH, [FRESH]), ('IsComplete "id"', [])])
def test_time_alone_has_the_rules_judged_again_that_depend_on_it(
    context: LakeContext, monkeypatch: pytest.MonkeyPatch, rule: str, judged: list[str]
) -> None:
    timed = with_rules(context, rule)
    assert [result.rule for result in Quality(timed, Ops(timed)).run()] == [rule]
    assert Quality(timed, Ops(timed)).run() == []
    monkeypatch.setattr(quality_module, "TIME_PASSES", timedelta(0))
    for quality in (Quality(timed, Ops(timed)), Quality(timed, Ops(timed))):
        assert [result.rule for result in quality.run()] == judged


def test_a_version_that_is_judged_twice_is_not_compared_with_itself(context: LakeContext) -> None:
    grown = with_rules(context, "RowCount between 0.9 * last(1) and 1.1 * last(1)")
    quality = Quality(grown, Ops(grown))
    assert [result.outcome for result in quality.run()] == ["skipped"]
    rows = GoldLake(grown, tables=()).rows("orders", [(5, 1, 1, "2026-01", Decimal(5))])
    grown.silver("orders").apply(rows, None, {})
    for _ in range(2):
        assert [result.outcome for result in quality.run(["orders"])] == ["failed"]


def test_runs_are_appended_in_one_commit_and_can_be_queried(context: LakeContext) -> None:
    ops = Ops(context)
    before = int(ops.runs().version())
    results = [
        {"table": "orders", "status": "applied", "read": 5, "ignored": {"older epoch": 2}},
        {"table": "items", "status": "idle"},
        {"table": "products", "status": "failed", "error": "no"},
    ]
    from datetime import datetime, timezone

    ops.record("silver", "silver", datetime(2026, 1, 2, tzinfo=timezone.utc), results)
    assert ops.pending()
    ops.flush()
    assert not ops.pending() and int(ops.runs().version()) == before + 1
    steps = Steps(context)
    answer = steps.attempt(
        "query",
        {
            "sql": """SELECT table, status, read, ignored, ignored_reasons, started_at, error
            FROM ops.runs ORDER BY table"""
        },
        lambda event: None,
    )
    assert answer["result"]["rows"] == [
        ["orders", "applied", 5, 2, {"older epoch": 2}, "2026-01-02T00:00:00.000000Z", None],
        ["products", "failed", None, 0, {}, "2026-01-02T00:00:00.000000Z", "no"],
    ]


def test_an_empty_table_breaks_no_rule_but_one_about_its_rows(spark: SparkSession) -> None:
    rules = [
        'ColumnValues "amount" >= 0',
        'ColumnValues "name" in ["a", "b"]',
        'ColumnValues "name" matches "[a-z]+"',
        'IsComplete "id"',
        'IsUnique "id"',
        'IsPrimaryKey "id"',
        'Completeness "id" > 0.5',
        'Uniqueness "id" > 0.5',
        'Mean "amount" > 1',
        'ColumnLength "name" > 1',
        "RowCount > 0",
        "RowCount = 0",
    ]
    empty = spark.createDataFrame([], "id long, amount decimal(12,2), name string")
    found = {rule: (outcome, value) for rule, outcome, value, _ in evaluate_dqdl(empty, rules)}
    assert found.pop("RowCount > 0") == ("failed", 0.0)
    assert found.pop("RowCount = 0") == ("passed", 0.0)
    assert {outcome for outcome, _ in found.values()} <= {"passed", "skipped"}, found
    assert json.loads(json.dumps(found, allow_nan=False))
    skipped = [verdict for verdict in evaluate_dqdl(empty, rules) if verdict[1] == "skipped"]
    assert skipped and all((message or "").startswith("not evaluated: ") for *_, message in skipped)


def test_a_column_without_values_is_not_judged_by_them(spark: SparkSession) -> None:
    rows = spark.sql("SELECT 1 AS id, CAST(NULL AS decimal(12,2)) AS amount")
    rules = ['ColumnValues "amount" >= 0', 'IsComplete "amount"', 'IsComplete "nosuch"']
    verdicts = {rule: outcome for rule, outcome, _, _ in evaluate_dqdl(rows, rules)}
    assert verdicts['ColumnValues "amount" >= 0'] in ("passed", "skipped")
    assert verdicts['IsComplete "amount"'] == "failed"
    assert verdicts['IsComplete "nosuch"'] in ("failed", "error")


def gate(context: LakeContext, threshold: float | None = None) -> dict[str, Any]:
    manifest = replace(context.manifest, gate_threshold=threshold)
    asked = LakeContext(context.spark, manifest, context.locations)
    return Quality(asked, Ops(asked)).gate("silver")


def test_the_gate_is_closed_by_rules_that_stop_and_by_a_share_where_one_is_demanded(
    context: LakeContext,
) -> None:
    assert gate(context, 0.99)["share"] is None
    Quality(context, Ops(context)).run()
    found = gate(context)
    assert found["share"] == pytest.approx(3 / 7)
    assert 'orders: IsComplete "nosuch"' in found["broken"]
    assert gate(context, 0.3) == found
    for _ in range(2):
        with pytest.raises(UserError, match=r"of the rules on silver hold, expected 99\.0%") as it:
            gate(context, 0.99)
        assert 'orders: IsComplete "nosuch"' in str(it.value)
        # A run in which nothing changed judges nothing anew, and opens nothing.
        assert Quality(context, Ops(context)).run() == []
    strict = [QualityRule("RowCount > 1", "stop"), QualityRule("RowCount > 2", "stop")]
    tables = [replace(table, quality=strict) for table in context.manifest.tables]
    stopping = LakeContext(
        context.spark, replace(context.manifest, tables=tables), context.locations
    )
    Quality(stopping, Ops(stopping)).run()
    with pytest.raises(UserError, match=r"do not hold on silver; .*: orders: RowCount > 2$"):
        gate(stopping)
