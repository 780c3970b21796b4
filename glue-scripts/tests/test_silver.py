"""The rules of silver (DESIGN, "How data flows"), on both formats, by hand-made bronze files."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession
from silver_lake import AT, Lake, delete, insert, make_lake, thing, update

from lakewright.locations import Locations


@pytest.fixture(params=["hudi", "delta"])
def lake(request: pytest.FixtureRequest, spark: SparkSession, locations: Locations) -> Lake:
    """A loaded table with keys 1 to 3."""
    made = make_lake(spark, locations, request.param)
    made.bronze.load([thing(1, " one "), thing(2, "two"), thing(3, "three")])
    made.bronze.complete()
    made.apply()
    return made


def test_a_full_load_and_the_changes_made_during_it_come_together(
    spark: SparkSession, locations: Locations
) -> None:
    lake = make_lake(spark, locations, "hudi")
    lake.bronze.load([thing(1, " one "), thing(2, "two")])
    lake.bronze.changes(insert(1, 3, "three"), delete(2, 2))
    assert lake.apply().status == "waiting"
    assert lake.names() == {}
    lake.bronze.complete()
    result = lake.apply()
    assert (result.status, result.epoch, result.files) == ("applied", "e0001", 2)
    assert (result.read, result.applied, result.superseded, result.deleted) == (4, 3, 1, 1)
    assert lake.names() == {1: "ONE", 3: "THREE"}
    row = lake.silver().where("id = 3").first()
    assert row is not None
    assert row["at"] == AT and str(row["price"]) == "1.00"
    assert row["_lw_order"] == f"e0001:{1:035d}"
    assert lake.apply().status == "idle"


def test_the_newest_of_several_changes_of_a_key_wins_whatever_their_order_in_the_file(
    lake: Lake,
) -> None:
    lake.bronze.changes(
        update(12, 1, "last", second=5), insert(10, 4, "a", second=5), update(11, 1, "b", second=5)
    )
    result = lake.apply()
    assert lake.names() == {1: "LAST", 2: "TWO", 3: "THREE", 4: "A"}
    assert (result.read, result.applied, result.superseded) == (3, 2, 1)


def test_delete_then_insert_and_insert_then_delete_in_one_transaction(lake: Lake) -> None:
    lake.bronze.changes(
        delete(1, 1, second=5), insert(2, 1, "again", second=5),
        insert(3, 9, second=5), delete(4, 9, second=5),
    )  # fmt: skip
    lake.apply()
    assert lake.names() == {1: "AGAIN", 2: "TWO", 3: "THREE"}
    assert lake.states() == {9: "deleted"}


def test_an_update_of_the_key_moves_the_row(lake: Lake) -> None:
    lake.bronze.changes(update(1, 7, "moved", before=1))
    result = lake.apply()
    assert lake.names() == {2: "TWO", 3: "THREE", 7: "MOVED"}
    assert lake.states() == {1: "deleted"}
    assert (result.read, result.applied, result.deleted) == (1, 1, 0)


def test_keys_swap_by_way_of_a_third(lake: Lake) -> None:
    lake.bronze.changes(
        update(1, 99, "one", before=1, second=5),
        update(2, 1, "two", before=2, second=5),
        update(3, 2, "one", before=99, second=5),
    )
    lake.apply()
    assert lake.names() == {1: "TWO", 2: "ONE", 3: "THREE"}


def test_keys_swap_in_one_statement(lake: Lake) -> None:
    path = lake.bronze.changes(
        update(1, 2, "one", before=1, second=5), update(2, 1, "two", before=2, second=5)
    )
    result = lake.apply()
    assert lake.names() == {1: "TWO", 2: "ONE", 3: "THREE"}
    assert (result.read, result.applied) == (2, 2)
    path.rename(path.with_name("again.parquet"))
    lake.apply()
    assert lake.names() == {1: "TWO", 2: "ONE", 3: "THREE"}


def test_a_key_moves_away_and_back(lake: Lake) -> None:
    lake.bronze.changes(
        update(1, 8, "one", before=1, second=5), update(2, 1, "back", before=8, second=5)
    )
    lake.apply()
    assert lake.names() == {1: "BACK", 2: "TWO", 3: "THREE"}


def test_all_keys_shift_by_one(lake: Lake) -> None:
    names = {1: "one", 2: "two", 3: "three"}
    lake.bronze.changes(*(update(i, i + 1, names[i], before=i, second=5) for i in names))
    lake.apply()
    assert lake.names() == {2: "ONE", 3: "TWO", 4: "THREE"}


def test_a_file_delivered_twice_changes_nothing(lake: Lake) -> None:
    first = lake.bronze.changes(update(1, 1, "new"), insert(2, 4, "four"), delete(3, 2))
    lake.apply()
    before = lake.names()
    first.with_name("copy of it.parquet").write_bytes(first.read_bytes())
    assert lake.apply().read == 3
    assert lake.names() == before == {1: "NEW", 3: "THREE", 4: "FOUR"}
    assert lake.apply().status == "idle"


def test_an_older_file_that_arrives_late_overwrites_nothing(lake: Lake) -> None:
    lake.bronze.changes(update(20, 1, "newer"), insert(21, 5, "five"))
    lake.apply()
    lake.bronze.changes(update(10, 1, "older"), update(11, 2, "fine"))
    result = lake.apply()
    assert lake.names() == {1: "NEWER", 2: "FINE", 3: "THREE", 5: "FIVE"}
    assert (result.read, result.applied, result.superseded) == (2, 1, 1)


def test_an_older_change_brings_no_deleted_row_back(lake: Lake) -> None:
    lake.bronze.changes(delete(20, 1))
    lake.apply()
    lake.bronze.changes(update(10, 1, "older"))
    assert lake.apply().superseded == 1
    assert lake.names() == {2: "TWO", 3: "THREE"}
    lake.bronze.changes(insert(30, 1, "reborn"))
    lake.apply()
    assert lake.names() == {1: "REBORN", 2: "TWO", 3: "THREE"}
    assert lake.states() == {}


def test_a_row_that_breaks_a_rule_is_in_quarantine_until_a_change_mends_it(lake: Lake) -> None:
    lake.bronze.changes(update(10, 1, "bad", price="-1.00"))
    result = lake.apply()
    assert (result.read, result.applied, result.quarantined) == (1, 0, 1)
    assert lake.names() == {2: "TWO", 3: "THREE"}
    row = lake.context.quarantine("thing").read().first()
    assert row is not None
    assert row["state"] == "quarantined" and row["reasons"] == ["price: price below zero"]
    assert row["raw"] == (
        '{"id":1,"name":"bad","price":-1.00,"day":"d1","at":"2026-01-02T03:04:05.678901Z"}'
    )
    lake.bronze.changes(update(5, 1, "older and good"))
    assert lake.apply().superseded == 1
    assert lake.names() == {2: "TWO", 3: "THREE"}
    lake.bronze.changes(update(11, 1, "mended"))
    lake.apply()
    assert lake.names() == {1: "MENDED", 2: "TWO", 3: "THREE"}
    assert lake.states() == {}


def test_a_quarantined_row_that_is_deleted_is_forgotten_but_for_its_order(lake: Lake) -> None:
    lake.bronze.changes(update(10, 1, "bad", price="-1.00"))
    lake.apply()
    lake.bronze.changes(delete(11, 1))
    lake.apply()
    assert lake.states() == {1: "deleted"}
    lake.bronze.changes(update(9, 1, "older"))
    lake.apply()
    assert lake.names() == {2: "TWO", 3: "THREE"}


def test_rows_that_cannot_be_applied_are_accounted_for(lake: Lake) -> None:
    lake.bronze.changes(
        insert(1, 4, "four"), {**insert(2, 5), "Op": "X"}, {**insert(3, 6), "id": None}
    )
    result = lake.apply()
    assert (result.read, result.applied) == (3, 1)
    assert result.ignored == {"unknown operation": 1, "no key": 1}
    assert lake.names() == {1: "ONE", 2: "TWO", 3: "THREE", 4: "FOUR"}


def test_a_new_epoch_replaces_once_its_load_is_complete(lake: Lake) -> None:
    lake.bronze.changes(delete(5, 3), update(6, 2, "bad", price="-1.00"))
    lake.apply()
    lake.bronze.load([thing(2, "two again"), thing(3, "three again")], epoch="e0002")
    lake.bronze.changes(insert(7, 4, "four"), epoch="e0002")
    assert lake.apply().status == "idle"
    assert lake.names() == {1: "ONE"}
    lake.bronze.complete("e0002")
    lake.bronze.changes(update(8, 1, "late in the old epoch"), epoch="e0001")
    result = lake.apply()
    assert (result.epoch, result.read, result.applied) == ("e0002", 4, 3)
    assert result.ignored == {"older epoch": 1}
    assert lake.names() == {2: "TWO AGAIN", 3: "THREE AGAIN", 4: "FOUR"}
    assert lake.states() == {}
    lake.bronze.changes(update(99, 2, "older epoch still"), epoch="e0001")
    late = lake.apply()
    assert (late.status, late.read, late.ignored) == ("applied", 1, {"older epoch": 1})
    assert lake.names()[2] == "TWO AGAIN"
    assert lake.apply().status == "idle"


def test_an_empty_source_table_is_loaded_and_takes_changes(
    spark: SparkSession, locations: Locations
) -> None:
    lake = make_lake(spark, locations, "delta")
    lake.bronze.load([])
    for file in (lake.bronze.root / "e0001" / "public" / "thing").glob("LOAD*"):
        file.unlink()
    lake.bronze.complete()
    result = lake.apply()
    assert (result.status, result.epoch, result.files, result.read) == ("applied", "e0001", 0, 0)
    assert lake.names() == {}
    lake.bronze.changes(insert(1, 1, "one"))
    lake.apply()
    assert lake.names() == {1: "ONE"}


def test_the_oldest_change_newly_applied_is_told_but_not_of_a_load_or_a_relisting(
    spark: SparkSession, locations: Locations
) -> None:
    lake = make_lake(spark, locations, "delta")
    lake.bronze.load([thing(1), thing(2)])
    lake.bronze.complete()
    loaded = lake.apply()
    assert (loaded.status, loaded.oldest_committed_at) == ("applied", None)
    lake.bronze.changes(update(7, 1, "b"), update(5, 1, "a"), update(9, 2, "c"))
    applied = lake.apply()
    assert applied.oldest_committed_at == "2026-01-10T00:00:05.000001Z"
    assert applied.newest_committed_at == "2026-01-10T00:00:09.000001Z"
    lake.bronze.changes(update(3, 1, "late"), update(20, 2, "d"))
    assert lake.apply().oldest_committed_at == "2026-01-10T00:00:20.000001Z", "late is superseded"
    lake.bronze.changes(update(30, 2, "e"), day="20260101")
    relisted = lake.apply(relist=True)
    assert (relisted.applied, relisted.oldest_committed_at) == (1, None)
