"""Maintenance: what it removes, what stays readable, and that it changes nothing else."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from silver_lake import Lake, insert, make_lake, thing, update

from lakewright import hudi_services
from lakewright.errors import UserError
from lakewright.locations import Locations
from lakewright.maintenance import maintain
from lakewright.manifest import TableFormat
from lakewright.ops import Ops
from lakewright.query import version_at
from lakewright.steps import Steps
from lakewright.table import LakeTable, carried_on
from lakewright.tables import open_table

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
    assert found.left == []
    return {f"{result['layer']}.{result['table']}": result for result in found.tables}


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


def test_of_many_young_commits_of_hudi_the_newest_stay_readable(
    spark: SparkSession, locations: Locations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hudi_services, "_MAX_COMMITS", 4)
    lake = loaded(spark, locations, "hudi", changes=8)
    silver = lake.context.silver("thing")
    before = versions(silver)
    files = sum(1 for path in Path(silver.location).rglob("*") if path.is_file())
    silver.expire(datetime.now(timezone.utc) - timedelta(days=7))
    left = sum(1 for path in Path(silver.location).rglob("*") if path.is_file())
    assert left < files
    assert versions(silver) == before[-4:]
    assert [name_of(silver, version) for version in before[-4:]] == ["V5", "V6", "V7", "V8"]
    assert lake.apply().status == "idle"
    lake.bronze.changes(update(20, 1, "next"))
    lake.apply()
    assert lake.names() == {1: "NEXT", 2: "TWO"}


@FORMATS
def test_the_version_that_was_current_when_the_history_begins_stays_readable(
    spark: SparkSession, tmp_path: Path, format: TableFormat
) -> None:
    table = aged_table(spark, tmp_path, format, ages=[30, 22, 15, 8, 1])
    told = versions(table)
    for since, readable in ((14, 3), (14, 3), (7, 2)):
        at = days_ago(table, format, since, readable)
        table.expire(at)
        assert versions(table)[:readable] == told[-readable:]
        names = [name_of(table, version) for version in versions(table)]
        assert list(dict.fromkeys(names)) == ["30", "22", "15", "8", "1"][-readable:]
        assert version_at(table, "thing", at) == told[-readable]
        with pytest.raises(UserError, match="its history begins at"):
            version_at(table, "thing", at - timedelta(days=9))
        assert table.commits(after=told[0]) is None
    if format == "delta":
        log = sorted(path.name for path in Path(table.location, "_delta_log").glob("*.json"))
        assert int(log[0][:20]) == int(told[2]), "from the checkpoint on"


def aged_table(
    spark: SparkSession, folder: Path, format: TableFormat, ages: list[int]
) -> LakeTable:
    """A table with a commit for each age (days), after which its one row is named. Only Delta's
    look that old, and the second has a checkpoint."""
    table = open_table(
        spark,
        format=format,
        location=str(folder / "thing"),
        layer="silver",
        name="thing",
        key=["id"],
        partition_by=[],
        buckets=1,
    )

    def row(name: str) -> DataFrame:
        return spark.createDataFrame([(1, name)], "id long, name string")

    table.create(row("").limit(0).schema, {})
    for number, age in enumerate(ages):
        if number == 0:
            table.overwrite(row(str(age)), {})
        else:
            table.apply(row(str(age)), None, {})
        if format == "delta":
            delta: Any = spark._jvm.org.apache.spark.sql.delta.DeltaLog  # type: ignore[union-attr]
            make_old(Path(table.location), timedelta(days=age))
            delta.clearCache()
            if number == 1:
                delta.forTable(spark._jsparkSession, table.location).checkpoint()
    return table


def make_old(table: Path, age: timedelta) -> None:
    """Has the commits of a Delta table that look young be of that age, with what they wrote and
    removed."""
    young = datetime.now(timezone.utc) - timedelta(hours=1)
    then = (datetime.now(timezone.utc) - age).timestamp()
    log = table / "_delta_log"
    for path in log.glob("*.json"):
        if path.stat().st_mtime < young.timestamp():
            continue
        actions = [json.loads(line) for line in path.read_text().splitlines()]
        for action in actions:
            for kind, time in TIMES.items():
                if kind in action:
                    action[kind][time] = int(then * 1000)
            if "add" in action:
                os.utime(table / action["add"]["path"], (then, then))
        path.write_text("\n".join(map(json.dumps, actions)))
        os.utime(path, (then, then))
        (log / f".{path.name}.crc").unlink()


TIMES = {"commitInfo": "timestamp", "add": "modificationTime", "remove": "deletionTimestamp"}


def days_ago(table: LakeTable, format: TableFormat, days: int, newer: int) -> datetime:
    """That time; for a table whose commits are all young, when the oldest of so many was made."""
    if format == "delta":
        return datetime.now(timezone.utc) - timedelta(days=days)
    return (table.commits() or [])[-newer].at


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
    compaction = (silver.commits(old) or [])[-1]
    assert compaction.metadata["checkpoint"] == metadata["checkpoint"]
    assert "accounting" not in compaction.metadata, "history would tell of rows once more"
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

    def fail(since: datetime) -> None:
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
    assert told == answer["tables"] and answer["left"] == []
    part = Steps(lake.context).run("maintain", {"seconds": 0}, told.append)
    assert [result["table"] for result in part["tables"]] == ["thing", "thing"], "one at least"
    assert part["left"] == ["ops.runs", "ops.quality"]
    with pytest.raises(UserError, match=r"no table silver\.nosuch; the lake has .*silver\.thing"):
        Steps(lake.context).run("maintain", {"tables": ["silver.nosuch"]}, told.append)
