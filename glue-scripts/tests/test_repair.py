"""What changed between versions, taking a table back to one, and going on from there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession
from silver_lake import Lake, change, delete, insert, make_lake, thing, update

from lakewright.errors import UserError
from lakewright.locations import Locations
from lakewright.steps import Steps


class Repaired:
    """A lake with rows 1, 2 and 3 (3 in quarantine), and then a mistake: `mistake` is its version
    before."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.steps = Steps(lake.context)
        lake.bronze.load([thing(1, "one"), thing(2, "two"), thing(3, "bad", price="-1.00")])
        lake.bronze.complete()
        lake.apply()
        self.good = lake.context.silver("thing").version()
        lake.bronze.changes(
            update(5, 1, "oops"), delete(6, 2), insert(7, 4, "four"), update(8, 3, "mended")
        )
        lake.apply()

    def step(self, name: str, **args: Any) -> dict[str, Any]:
        return self.steps.run(name, args, lambda event: None)

    def back(self) -> dict[str, Any]:
        return self.step("rollback", table="thing", to=self.good)


@pytest.fixture(params=["hudi", "delta"])
def it(request: Any, spark: SparkSession, locations: Locations) -> Repaired:
    return Repaired(make_lake(spark, locations, request.param))


GOOD = ({1: "ONE", 2: "TWO"}, {3: "quarantined"})
MISTAKEN = ({1: "OOPS", 3: "MENDED", 4: "FOUR"}, {2: "deleted"})


def state(it: Repaired) -> tuple[dict[int, str], dict[int, str]]:
    return it.lake.names(), it.lake.states()


def test_a_diff_counts_and_shows_rows_added_changed_and_removed(it: Repaired) -> None:
    found = it.step("diff", **{"table": "silver.thing", "from": it.good})
    assert (found["added"], found["changed"], found["removed"]) == (2, 1, 1)
    changed = [row for row in found["rows"] if row["kind"] == "changed"]
    assert [(row["key"], row["columns"]) for row in changed] == [
        ("1", '[{"column":"name","from":"ONE","to":"OOPS"}]')
    ]
    back = it.step("diff", **{"table": "silver.thing", "from": found["to"], "to": it.good})
    assert (back["added"], back["changed"], back["removed"]) == (1, 1, 2)
    assert (
        len(it.step("diff", **{"table": "silver.thing", "from": it.good, "limit": 1})["rows"]) == 1
    )


@pytest.mark.parametrize("format", ["hudi", "delta"])
def test_a_wider_type_changes_no_row(
    spark: SparkSession, locations: Locations, format: str
) -> None:
    lake = make_lake(spark, locations, format)
    rows = [{**thing(id, f"n{id}", price="1.50"), "ratio": 0.1} for id in (1, 2)]
    lake.bronze.types = {**lake.bronze.types, "ratio": pa.float32()}
    lake.bronze.load(rows)
    lake.bronze.complete()
    lake.apply()
    before = lake.context.silver("thing").version()
    wide = {**lake.bronze.types, "price": pa.decimal128(20, 4), "ratio": pa.float64()}
    changed = {**rows[0], "price": Decimal("1.5001"), "ratio": 0.25}
    lake.bronze.changes(change("U", 1, changed), types=wide)
    assert lake.apply().schema_changed
    found = Steps(lake.context).run(
        "diff", {"table": "silver.thing", "from": before}, lambda event: None
    )
    assert (found["added"], found["changed"], found["removed"]) == (0, 1, 0)
    assert found["rows"][0]["columns"] == (
        '[{"column":"price","from":"1.5000","to":"1.5001"},'
        '{"column":"ratio","from":"0.10000000149011612","to":"0.25"}]'
    )


def test_a_rollback_holds_the_table_and_later_changes_wait(it: Repaired) -> None:
    assert state(it) == MISTAKEN
    it.back()
    assert state(it) == GOOD
    it.lake.bronze.changes(insert(9, 5, "five"))
    assert it.lake.apply().status == "held"
    assert state(it) == GOOD


def test_skipping_leaves_out_what_was_taken_back_and_the_next_change_applies(it: Repaired) -> None:
    it.back()
    it.lake.bronze.changes(update(9, 1, "right"), insert(10, 5, "five"))
    it.step("resume", table="thing", how="skip")
    assert it.lake.apply().read == 2
    assert state(it) == ({1: "RIGHT", 2: "TWO", 5: "FIVE"}, {3: "quarantined"})


def test_what_was_skipped_stays_left_out_when_the_table_is_built_anew(it: Repaired) -> None:
    it.back()
    it.lake.bronze.changes(update(9, 1, "right"), insert(10, 5, "five"))
    it.step("resume", table="thing", how="skip")
    it.lake.apply()
    before = state(it)
    rules = [{"name": "price", "check": "price >= 0", "reason": "less than nothing"}]
    context, table = it.lake.context, it.lake.context.manifest.tables[0]
    made = make_lake(context.spark, context.locations, table.format, rules=rules)
    it.lake = Lake(made.context, it.lake.bronze)
    result = it.lake.apply()
    assert (result.read, result.ignored, result.applied) == (9, {"skipped": 4}, 3)
    assert state(it) == before == ({1: "RIGHT", 2: "TWO", 5: "FIVE"}, {3: "quarantined"})
    assert it.lake.apply(relist=True).status == "idle"


def test_replaying_applies_it_again(it: Repaired) -> None:
    it.back()
    it.lake.bronze.changes(insert(9, 5, "five"))
    it.step("resume", table="thing", how="replay")
    assert it.lake.apply().read == 5
    assert state(it) == ({**MISTAKEN[0], 5: "FIVE"}, MISTAKEN[1])


def test_a_rollback_is_itself_taken_back(it: Repaired) -> None:
    before = it.lake.context.silver("thing").version()
    it.back()
    it.step("rollback", table="thing", to=before)
    assert state(it) == MISTAKEN
    it.step("resume", table="thing", how="replay")
    assert it.lake.apply().status == "idle"
    it.lake.bronze.changes(delete(9, 4))
    it.lake.apply()
    assert it.lake.names() == {1: "OOPS", 3: "MENDED"}


def broken_off(it: Repaired, layer: str, write: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rollback whose application dies just before that write."""
    context = it.lake.context
    table = context.silver("thing") if layer == "silver" else context.quarantine("thing")

    def die(*_: Any) -> None:
        raise OSError("killed")

    with monkeypatch.context() as killed:
        killed.setattr(table, write, die)
        with pytest.raises(OSError, match="killed"):
            it.back()


@pytest.mark.parametrize(("layer", "write"), [("quarantine", "overwrite"), ("silver", "overwrite")])
def test_a_rollback_that_was_broken_off_applies_nothing_and_is_ended_by_the_next_run(
    it: Repaired, monkeypatch: pytest.MonkeyPatch, layer: str, write: str
) -> None:
    broken_off(it, layer, write, monkeypatch)
    assert it.lake.names() == MISTAKEN[0]
    it.lake.bronze.changes(insert(9, 5, "five"))
    ended = it.lake.apply()
    assert (ended.status, ended.read) == ("applied", 0)
    assert ended.version == it.lake.context.silver("thing").version()
    assert state(it) == GOOD
    assert it.lake.apply().status == "held"
    it.step("resume", table="thing", how="skip")
    assert it.lake.apply().read == 1
    assert state(it) == ({**GOOD[0], 5: "FIVE"}, GOOD[1])


def test_a_rollback_that_was_broken_off_is_ended_before_the_table_goes_on(
    it: Repaired, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = it.lake.context.silver("thing").version()
    broken_off(it, "silver", "overwrite", monkeypatch)
    assert it.step("resume", table="thing", how="skip")["from"] == before
    assert state(it) == GOOD
    assert it.lake.apply().status == "idle"


def test_a_rollback_that_died_before_its_mark_is_none(
    it: Repaired, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(it, "silver", "apply", monkeypatch)
    assert state(it) == MISTAKEN
    assert it.lake.apply().status == "idle"


def test_a_version_whose_quarantine_is_gone_is_refused(
    it: Repaired, monkeypatch: pytest.MonkeyPatch
) -> None:
    companion = it.lake.context.quarantine("thing")
    newest = (companion.commits() or [])[-1:]
    monkeypatch.setattr(companion, "commits", lambda: newest)
    with pytest.raises(UserError, match=r"what quarantine\.thing held then has been removed"):
        it.back()
    assert state(it) == MISTAKEN
    assert it.lake.apply().status == "idle", "nothing is held"


def test_gold_is_made_anew_from_what_was_taken_back(it: Repaired) -> None:
    it.back()
    newest = (it.lake.context.silver("thing").commits() or [])[-1]
    assert newest.metadata["full"] is True


@pytest.mark.parametrize(
    ("step", "args", "message"),
    [
        ("rollback", {"to": "12345"}, "no version 12345; it has .*lake history"),
        ("rollback", {"to": "2020-01-01"}, "its history begins at"),
        ("resume", {"how": "skip"}, "is not held"),
        ("resume", {"how": "fly"}, "expected replay or skip"),
    ],
)
def test_what_cannot_be_done_says_so(
    spark: SparkSession, locations: Locations, step: str, args: dict[str, str], message: str
) -> None:
    it = Repaired(make_lake(spark, locations, "delta"))
    with pytest.raises(Exception, match=message):
        it.step(step, table="thing", **args)
    now = it.lake.context.silver("thing").version()
    with pytest.raises(Exception, match=f"at version {now} already"):
        it.step("rollback", table="thing", to=now)
