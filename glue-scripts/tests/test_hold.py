"""Rules that stop: a batch that would break one is not committed, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from silver_lake import (
    COLUMNS,
    Bronze,
    Lake,
    change,
    delete,
    insert,
    make_lake,
    manifest,
    thing,
    truncate,
    update,
)

from lakewright.context import LakeContext
from lakewright.dqdl import Beside, Verdict, evaluate_dqdl
from lakewright.hold import Hold
from lakewright.locations import Locations
from lakewright.ops import Ops
from lakewright.quality import Quality
from lakewright.silver import apply_table
from lakewright.table_run import TableResult


class JudgedLake:
    """A lake whose table has rules that stop; 1 and 2 are there."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.quality = Quality(lake.context, Ops(lake.context))
        self.hold = Hold(self.quality.ops, self.quality)
        self.quality.ops.initialise()

    def apply(self) -> TableResult:
        return apply_table(self.lake.context, "thing", judge=self.hold)

    def kept(self) -> int:
        """How many verdicts were kept of batches."""
        return self.quality.ops.quality().read().where("kind = 'hold'").count()

    def held(self) -> dict[str, str]:
        """The newest verdict on each rule that was judged before a commit."""
        return {v.rule: v.outcome for v in self.quality.standing() if v.kind == "hold"}


def judged(
    spark: SparkSession, locations: Locations, *rules: str, format: str = "delta", **more: Any
) -> JudgedLake:
    quality = [{"dqdl": rule, "severity": "stop"} for rule in rules]
    lake = make_lake(spark, locations, format, quality=quality, **more)
    lake.bronze.load([thing(1, "one"), thing(2, "two")])
    lake.bronze.complete()
    result = JudgedLake(lake)
    assert result.apply().error is None
    return result


@pytest.mark.parametrize("format", ["hudi", "delta"])
def test_a_batch_that_would_break_a_rule_waits_until_it_is_mended(
    spark: SparkSession, locations: Locations, format: str
) -> None:
    it = judged(spark, locations, 'IsUnique "name"', format=format)
    before = it.lake.context.silver("thing").version()
    it.lake.bronze.changes(insert(5, 3, "one"), insert(6, 4, "four"))
    for _ in range(2):
        result = it.apply()
        assert (result.status, result.kind) == ("failed", "user")
        assert "held back" in (result.error or "") and 'IsUnique "name"' in (result.error or "")
    assert it.lake.names() == {1: "ONE", 2: "TWO"}
    assert it.lake.context.silver("thing").version() == before
    assert it.held() == {'IsUnique "name"': "failed"}
    it.quality.run()
    assert it.quality.gate("silver")["broken"] == [], "silver is as it was"
    it.lake.bronze.changes(update(7, 3, "three"))
    result = it.apply()
    assert (result.status, result.read) == ("applied", 3)
    assert it.lake.names() == {1: "ONE", 2: "TWO", 3: "THREE", 4: "FOUR"}
    assert it.held() == {'IsUnique "name"': "passed"}


@pytest.mark.parametrize("format", ["hudi", "delta"])
def test_a_wider_type_waits_with_the_batch_that_brings_it(
    spark: SparkSession, locations: Locations, format: str
) -> None:
    it = judged(spark, locations, 'IsUnique "name"', format=format)
    it.lake.bronze.changes(insert(4, 5, "bad", price="-1.00"))
    it.apply()
    silver = it.lake.context.silver("thing")
    before, columns = silver.version(), silver.schema()
    wide = {name: arrow for name, (_, arrow) in COLUMNS.items()}
    wide |= {"id": pa.decimal128(22, 0), "price": pa.decimal128(20, 4)}
    precise = {**thing(3, "one"), "price": Decimal("1234567890123.4567")}
    it.lake.bronze.changes(change("I", 6, precise), types=wide)
    assert it.apply().status == "failed"
    assert (silver.version(), silver.schema()) == (before, columns)
    it.lake.bronze.changes(update(7, 3, "three"))
    result = it.apply()
    assert (result.status, result.schema_changed) == ("applied", True)
    types = {field.name: field.dataType.simpleString() for field in silver.schema().fields}
    assert (types["id"], types["price"]) == ("decimal(22,0)", "decimal(20,4)")
    assert it.lake.names() == {1: "ONE", 2: "TWO", 3: "THREE"}
    assert it.lake.states() == {5: "quarantined"}
    it.lake.bronze.changes(update(8, 5, "five"))
    assert not it.apply().schema_changed
    assert it.lake.names()[5] == "FIVE" and it.lake.states() == {}


def test_deletes_and_truncations_are_judged_as_what_they_leave(
    spark: SparkSession, locations: Locations
) -> None:
    it = judged(spark, locations, "RowCount > 1")
    it.lake.bronze.changes(delete(5, 1))
    assert it.apply().status == "failed"
    it.lake.bronze.changes(insert(6, 3, "three"))
    assert it.apply().status == "applied"
    truncate(it.lake, 9)
    it.lake.bronze.changes(insert(10, 9, "nine"))
    assert it.apply().status == "failed"
    assert it.lake.names() == {2: "TWO", 3: "THREE"}


def test_a_new_epoch_is_judged_before_it_replaces(
    spark: SparkSession, locations: Locations
) -> None:
    it = judged(spark, locations, "RowCount > 1")
    it.lake.bronze.load([thing(1, "new")], epoch="e0002")
    it.lake.bronze.complete("e0002")
    assert it.apply().status == "failed"
    assert it.lake.names() == {1: "ONE", 2: "TWO"}


def test_a_rule_that_cannot_be_evaluated_stops_too(
    spark: SparkSession, locations: Locations
) -> None:
    it = judged(spark, locations)
    lake = make_lake(
        spark, locations, "delta", quality=[{"dqdl": 'IsComplete "nosuch"', "severity": "stop"}]
    )
    it = JudgedLake(Lake(lake.context, it.lake.bronze))
    it.lake.bronze.changes(insert(5, 3))
    assert it.apply().status == "failed"


def test_a_held_table_is_known_to_the_next_application(
    spark: SparkSession, locations: Locations
) -> None:
    it = judged(spark, locations, 'IsUnique "name"')
    it.lake.bronze.changes(insert(5, 3, "one"))
    assert it.apply().status == "failed"
    context = LakeContext(spark, it.lake.context.manifest, locations)
    fresh = JudgedLake(Lake(context, Bronze(Path(locations.bronze), _clock=50)))
    fresh.lake.bronze.changes(delete(7, 1))
    assert fresh.apply().status == "applied"
    assert fresh.held() == {'IsUnique "name"': "passed"}


def test_a_batch_that_is_held_is_not_judged_again_and_told_once(
    spark: SparkSession, locations: Locations, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = judged(spark, locations, 'IsUnique "name"')
    judgements: list[str] = []

    def counted(rows: DataFrame, rules: Sequence[str], beside: Beside) -> list[Verdict]:
        judgements.extend(rules)
        return evaluate_dqdl(rows, rules, beside)

    monkeypatch.setattr("lakewright.hold.evaluate_dqdl", counted)
    it.lake.bronze.changes(insert(5, 3, "one"))
    first = it.apply()
    second = it.apply()
    assert (second.status, second.kind, second.error) == ("failed", "user", first.error)
    assert (len(judgements), it.kept()) == (1, 1)
    fresh = JudgedLake(it.lake)
    assert fresh.apply().error == first.error
    assert (len(judgements), it.kept()) == (2, 1), "another application says nothing new"
    it.lake.bronze.changes(insert(6, 4, "two"))
    assert it.apply().status == "failed"
    assert (len(judgements), it.kept()) == (3, 2)


def test_a_held_batch_is_judged_again_when_a_table_changes_that_its_rules_refer_to(
    spark: SparkSession, locations: Locations
) -> None:
    it = judged(spark, locations)
    other = {**asdict(it.lake.context.manifest.table("thing")), "name": "kind"}
    rule = {"dqdl": 'ReferentialIntegrity "name" "kind.name" = 1.0', "severity": "stop"}
    context = LakeContext(
        spark,
        manifest({"format": "delta", "quality": [rule]}, more_tables=[other]),
        locations,
    )
    kinds = context.silver("kind")
    kinds.create(it.lake.silver().schema, {})
    kinds.apply(it.lake.silver(), None, {})
    it = JudgedLake(Lake(context, it.lake.bronze))
    it.lake.bronze.changes(insert(5, 3, "three"))
    assert [it.apply().status for _ in range(2)] == ["failed", "failed"]
    three = {"id": F.lit(3).cast("bigint"), "name": F.lit("THREE")}
    kinds.apply(it.lake.silver().limit(1).withColumns(three), None, {})
    assert it.apply().status == "applied"
