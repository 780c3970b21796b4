"""Maintenance: what it removes, what stays readable, and that it changes nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from silver_lake import Lake, insert, make_lake, thing, update

from lakewright import hudi_services
from lakewright.errors import UserError
from lakewright.locations import Locations
from lakewright.maintenance import maintain
from lakewright.ops import Ops
from lakewright.steps import Steps
from lakewright.table import LakeTable, carried_on

FORMATS = pytest.mark.parametrize("format", ["hudi", "delta"])


def loaded(spark: SparkSession, locations: Locations, format: str, changes: int) -> Lake:
    """A lake of three rows and as many commits of changes."""
    lake = make_lake(spark, locations, format)
    lake.bronze.load([thing(1, "one"), thing(2, "two"), thing(3, "bad", price="-1.00")])
    lake.bronze.complete()
    lake.apply()
    for number in range(1, changes + 1):
        lake.bronze.changes(update(number, 1, f"v{number}"))
        lake.apply()
    return lake


def run(lake: Lake, *names: str) -> dict[str, dict[str, Any]]:
    found = maintain(lake.context, Ops(lake.context), names or None)
    return {f"{result['layer']}.{result['table']}": result for result in found}


def versions(table: LakeTable) -> list[str]:
    return [commit.version for commit in table.commits() or []]


def name_of(table: LakeTable, version: str | None = None) -> str:
    row = table.read(version).where("id = 1").first()
    assert row is not None
    return str(row["name"])


@FORMATS
def test_within_the_history_every_version_stays_and_nothing_is_committed(
    spark: SparkSession, locations: Locations, format: str
) -> None:
    lake = loaded(spark, locations, format, changes=3)
    silver = lake.context.silver("thing")
    run(lake)
    before, metadata = versions(silver), silver.metadata()
    found = run(lake)
    assert versions(silver) == before and silver.metadata() == metadata
    assert [name_of(silver, version) for version in before if int(version) >= int(before[-4])]
    assert found["silver.thing"]["status"] == "maintained"
    assert (found["silver.thing"]["files_removed"], found["silver.thing"]["bytes_removed"]) == (
        0,
        0,
    )
    assert lake.apply().status == "idle", "the checkpoint is carried on"
    lake.bronze.changes(update(9, 1, "next"), insert(10, 4))
    assert lake.apply().read == 2
    assert lake.names() == {1: "NEXT", 2: "TWO", 4: "A"}


@FORMATS
def test_history_beyond_the_window_goes_and_the_rest_stays_readable(
    spark: SparkSession, locations: Locations, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    monkeypatch.setattr(hudi_services, "_MIN_COMMITS", 2)
    monkeypatch.setattr(hudi_services, "_MAX_COMMITS", 4)
    lake = loaded(spark, locations, format, changes=8)
    silver = lake.context.silver("thing")
    before = versions(silver)
    files = sum(1 for path in Path(silver.location).rglob("*") if path.is_file())
    silver.compact()
    silver.expire(7 if format == "hudi" else 0)
    after = versions(silver)
    left = sum(1 for path in Path(silver.location).rglob("*") if path.is_file())
    assert left < files
    assert name_of(silver) == "V8" and lake.names() == {1: "V8", 2: "TWO"}
    assert lake.apply().status == "idle"
    if format == "hudi":
        assert after == before[-5:], "the newest commits, and the one before them"
        assert [name_of(silver, version) for version in after[-4:]] == ["V5", "V6", "V7", "V8"]
    lake.bronze.changes(update(20, 1, "next"))
    lake.apply()
    assert lake.names() == {1: "NEXT", 2: "TWO"}


def test_a_delta_table_of_small_files_is_compacted_once(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "delta", changes=0)
    for number in range(10, 13):
        lake.bronze.changes(insert(number, number))
        lake.apply()
    silver = lake.context.silver("thing")
    old, metadata = silver.version(), silver.metadata()
    assert len(silver.read().inputFiles()) > 1
    silver.compact()
    assert len(silver.read().inputFiles()) == 1
    compacted = silver.version()
    assert int(compacted) == int(old) + 1
    assert silver.metadata() == carried_on(metadata)
    silver.compact()
    assert silver.version() == compacted
    assert sorted(silver.read(old).collect()) == sorted(silver.read().collect())


def test_change_files_older_than_the_history_are_removed_and_counted(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "delta", changes=1)
    run(lake)
    folder = Path(locations.changes, "silver", "thing")
    (kept,) = folder.iterdir()
    old = folder / "20200101000000000000.parquet"
    old.mkdir()
    (old / "part.parquet").write_bytes(b"12345")
    found = run(lake, "silver.thing")
    assert list(folder.iterdir()) == [kept]
    assert list(found) == ["silver.thing", "quarantine.thing"], "a companion goes with its table"
    assert found["silver.thing"]["files_removed"] == 1
    assert found["silver.thing"]["bytes_removed"] == 5


def test_a_table_that_fails_is_reported_and_the_others_go_on(
    spark: SparkSession, locations: Locations, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = loaded(spark, locations, "delta", changes=0)
    Ops(lake.context).initialise()

    def fail(days: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(lake.context.silver("thing"), "expire", fail)
    found = run(lake)
    assert {name: result["status"] for name, result in found.items()} == {
        "silver.thing": "failed",
        "quarantine.thing": "maintained",
        "ops.runs": "maintained",
        "ops.quality": "maintained",
    }
    assert "the disk is full" in found["silver.thing"]["error"]


def test_the_step_takes_names_of_tables_and_refuses_others(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "hudi", changes=0)
    told: list[dict[str, Any]] = []
    answer = Steps(lake.context).run("maintain", {"tables": ["silver.thing"]}, told.append)
    assert [result["table"] for result in answer["tables"]] == ["thing", "thing"]
    assert told == answer["tables"]
    with pytest.raises(UserError, match=r"no table silver\.nosuch; the lake has .*silver\.thing"):
        Steps(lake.context).run("maintain", {"tables": ["silver.nosuch"]}, told.append)
