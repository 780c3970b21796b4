"""Silver across crashes, truncations, late folders and relisting."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from pyspark.sql import SparkSession
from silver_lake import Lake, delete, insert, make_lake, thing, truncate, update

from lakewright import batch, changes
from lakewright.context import LakeContext
from lakewright.locations import Locations
from lakewright.silver import apply_table
from lakewright.table import LakeTable

FORMATS = pytest.mark.parametrize("format", ["hudi", "delta"])


def loaded(spark: SparkSession, locations: Locations, format: str, **table: Any) -> Lake:
    lake = make_lake(spark, locations, format, **table)
    lake.bronze.load([thing(1, "one"), thing(2, "two"), thing(3, "bad", price="-1.00")])
    lake.bronze.complete()
    lake.apply()
    return lake


class Crash(Exception):
    pass


def crash_after(monkeypatch: pytest.MonkeyPatch, owner: Any, method: str) -> None:
    """Lets the call do its work and then fails, as a process that is killed there."""
    real = getattr(owner, method)

    def crash(*args: Any, **kwargs: Any) -> Any:
        real(*args, **kwargs)
        raise Crash(method)

    monkeypatch.setattr(owner, method, crash)


def write(lake: Lake, point: str) -> tuple[Any, str]:
    """The write that ends the given step."""
    tables: dict[str, LakeTable] = {
        "companion": lake.context.quarantine("thing"),
        "silver": lake.context.silver("thing"),
    }
    if point == "changes":
        return changes, "write_change_file"
    return tables[point], "apply"


@FORMATS
@pytest.mark.parametrize("point", ["changes", "companion", "silver"])
def test_a_crash_between_writes_and_a_rerun_give_the_same_table(
    spark: SparkSession,
    locations: Locations,
    monkeypatch: pytest.MonkeyPatch,
    format: str,
    point: str,
) -> None:
    lake = loaded(spark, locations, format)
    lake.bronze.changes(
        delete(10, 1), update(11, 2, "bad", price="-1.00"), update(12, 3, "mended"), insert(13, 4)
    )
    with monkeypatch.context() as patch:
        crash_after(patch, *write(lake, point))
        result = apply_table(lake.context, "thing")
        assert result.status == "failed" and "Crash" in (result.error or "")
    lake.bronze.changes(insert(14, 5, "five"))
    fresh = Lake(LakeContext(spark, lake.context.manifest, locations), lake.bronze)
    fresh.apply()
    assert fresh.names() == {3: "MENDED", 4: "A", 5: "FIVE"}
    assert fresh.states() == {1: "deleted", 2: "quarantined"}
    assert fresh.apply().status == "idle"


@FORMATS
def test_a_quarantined_key_that_another_takes_over_survives_a_crash(
    spark: SparkSession, locations: Locations, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    lake = loaded(spark, locations, format)
    # One statement moves 2 to 3 and 3, which is in quarantine, to 4.
    lake.bronze.changes(
        update(10, 3, "two", before=2, second=10), update(11, 4, "four", before=3, second=10)
    )
    with monkeypatch.context() as patch:
        crash_after(patch, *write(lake, "companion"))
        assert apply_table(lake.context, "thing").status == "failed"
    lake.apply()
    assert lake.names() == {1: "ONE", 3: "TWO", 4: "FOUR"}
    lake.bronze.changes(update(12, 3, "later"))
    lake.apply()
    assert lake.names()[3] == "LATER" and lake.states() == {2: "deleted"}


@FORMATS
def test_a_crash_within_a_replacement_leaves_the_old_table_until_the_rerun(
    spark: SparkSession, locations: Locations, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    lake = loaded(spark, locations, format)
    lake.bronze.load([thing(2, "new"), thing(7, "bad", price="-1.00")], epoch="e0002")
    lake.bronze.complete("e0002")
    with monkeypatch.context() as patch:
        crash_after(patch, lake.context.quarantine("thing"), "overwrite")
        assert apply_table(lake.context, "thing").status == "failed"
    assert lake.names() == {1: "ONE", 2: "TWO"}
    lake.apply()
    assert lake.names() == {2: "NEW"} and lake.states() == {7: "quarantined"}


@FORMATS
@pytest.mark.parametrize("crash", [False, True])
def test_a_large_batch_that_outweighs_the_table_writes_it_anew(
    spark: SparkSession,
    locations: Locations,
    monkeypatch: pytest.MonkeyPatch,
    format: str,
    crash: bool,
) -> None:
    lake = loaded(spark, locations, format)
    before = lake.context.silver("thing").version()
    new = [insert(20 + i, 20 + i, "new") for i in range(4)]
    lake.bronze.changes(
        delete(10, 1), update(11, 3, "mended"), insert(12, 4, "bad", price="-1.00"), *new
    )
    with monkeypatch.context() as patch:
        patch.setattr(batch, "SMALL_BATCH", 0)
        if crash:
            crash_after(patch, lake.context.quarantine("thing"), "overwrite")
            assert apply_table(lake.context, "thing").status == "failed"
            patch.undo()
            patch.setattr(batch, "SMALL_BATCH", 0)
        lake.apply()
    commit = (lake.context.silver("thing").commits(before) or [])[-1]
    assert commit.metadata["full"], "what is read of the changes is the whole table"
    assert lake.names() == {2: "TWO", 3: "MENDED", **{20 + i: "NEW" for i in range(4)}}
    assert lake.states() == {1: "deleted", 4: "quarantined"}
    lake.bronze.changes(update(5, 1, "older than its delete"), update(30, 4, "mended", price="2"))
    lake.apply()
    assert lake.names()[4] == "MENDED" and lake.states() == {1: "deleted"}


@pytest.mark.parametrize(("changed", "anew"), [(1, False), (2, True)])
def test_a_large_batch_outweighs_a_table_above_half_of_its_rows(
    spark: SparkSession,
    locations: Locations,
    monkeypatch: pytest.MonkeyPatch,
    changed: int,
    anew: bool,
) -> None:
    lake = loaded(spark, locations, "delta")
    before = lake.context.silver("thing").version()
    lake.bronze.changes(*[update(10 + i, 1 + i, "mended") for i in range(changed)])
    monkeypatch.setattr(batch, "SMALL_BATCH", 0)
    lake.apply()
    commit = (lake.context.silver("thing").commits(before) or [])[-1]
    assert commit.metadata["full"] is anew
    assert lake.names() == {1: "MENDED", 2: "MENDED" if anew else "TWO"}


@FORMATS
def test_a_truncation_applies_in_order(
    spark: SparkSession, locations: Locations, format: str
) -> None:
    lake = loaded(spark, locations, format)
    lake.bronze.changes(insert(5, 4, "before"), insert(15, 5, "after"))
    lake.apply()
    truncate(lake, 8, table="other")
    assert lake.apply().status == "idle"
    truncate(lake, 10)
    lake.bronze.changes(insert(9, 6, "before, late"), insert(16, 7, "after"))
    result = lake.apply()
    assert (result.read, result.applied, result.superseded) == (2, 1, 1)
    assert lake.names() == {5: "AFTER", 7: "AFTER"}
    assert lake.states() == {}
    lake.bronze.changes(update(7, 1, "before, later still"))
    assert lake.apply().superseded == 1
    assert lake.names() == {5: "AFTER", 7: "AFTER"}


def test_a_truncation_during_the_load_empties_what_was_loaded(
    spark: SparkSession, locations: Locations
) -> None:
    lake = make_lake(spark, locations, "delta")
    lake.bronze.load([thing(1), thing(2)])
    truncate(lake, 5)
    lake.bronze.changes(insert(6, 3, "three"))
    lake.bronze.complete()
    lake.apply()
    assert lake.names() == {3: "THREE"}


def test_only_recent_folders_are_listed_and_relisting_finds_the_rest(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "delta")
    lake.bronze.changes(insert(20, 4, "four"), day="20260110")
    lake.apply()
    lake.bronze.changes(insert(19, 5, "within"), day="20260108")
    lake.bronze.changes(insert(18, 6, "beyond"), day="20260107")
    assert lake.apply().read == 1
    assert 6 not in lake.names()
    assert lake.apply().status == "idle"
    assert lake.apply(relist=True).read == 1
    assert lake.names()[6] == "BEYOND"
    assert lake.apply(relist=True).status == "idle"


def test_a_folder_dated_in_the_future_does_not_hide_todays(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "delta")
    lake.bronze.changes(insert(20, 4, "four"), day="20990101")
    lake.apply()
    today = datetime.now(timezone.utc).strftime("%Y%m%d")
    lake.bronze.changes(insert(21, 5, "five"), day=today)
    lake.apply()
    assert lake.names() == {1: "ONE", 2: "TWO", 4: "FOUR", 5: "FIVE"}


def test_a_broken_file_is_named_and_waited_for_and_so_are_those_after_it(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "delta")
    path = lake.bronze.changes(update(1, 1, "mended"), name="20260110-100000001.parquet")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    lake.bronze.changes(update(2, 2, "later"), name="20260110-100000002.parquet")
    broken = apply_table(lake.context, "thing")
    assert (broken.status, broken.kind) == ("failed", "user")
    assert f"{path} is not a Parquet file: restore its whole version" in str(broken.error)
    path.write_bytes(whole)
    assert lake.apply().applied == 2
