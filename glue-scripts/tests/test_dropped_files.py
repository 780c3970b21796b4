"""Rows of CSV files: read once, in order, beside the database's, and nothing is lost."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession
from silver_lake import Bronze, Lake, delete, insert, make_lake, thing, truncate, update

from lakewright.bookkeeping import FILE, LINE
from lakewright.dropped_files import DroppedFile, find_dropped
from lakewright.file_set import FileSet
from lakewright.locations import Locations
from lakewright.repair import resume, rollback
from lakewright.silver import apply_table
from lakewright.storage import StoredFile
from lakewright.table_run import TableResult
from lakewright.verify import verify

FILES = {"folder": "things", "delimiter": ",", "headers": {}, "precedence": "database"}
HEADER = "id,name,price,day,at\n"
DAY = 1_770_000_000


class FileLake(Lake):
    """A lake whose table has files, and one row of the database: 1, `DB`."""

    def drop(self, name: str, content: str | bytes, modified: float = DAY) -> Path:
        folder = Path(self.context.locations.files) / "things"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (modified, modified))
        return path

    def lines(self) -> list[tuple[str, int, str, str | None]]:
        """File, line, first reason and text of every rejected line."""
        rows = self.context.rejected("thing").read().orderBy("file", "line").collect()
        return [(row["file"], row["line"], row["reasons"][0], row["text"]) for row in rows]

    def there(self) -> dict[int, str]:
        """Silver as key to name, without rows that are marked as deleted."""
        rows = self.silver().collect()
        return {row["id"]: row["name"] for row in rows if not row.asDict().get("_lw_deleted")}

    def verified(self, source: list[dict[str, Any]]) -> tuple[bool, int]:
        """Whether the lake holds the source's rows, and how many rows of files beside them."""
        root = Path(self.context.locations.ops) / "snapshot"
        snapshot = Bronze(root)
        snapshot.load(source, epoch="")
        result = verify(self.context, str(root), None, lambda event: None)[0]
        return result["ok"], result["from_files"]

    def accounted(self) -> TableResult:
        result = self.apply()
        known = result.applied + result.superseded + result.quarantined
        assert result.read == known + sum(result.ignored.values())
        return result


def line(id: object, name: str = "csv", price: str = "1.00", at: str = "2026-01-02") -> str:
    return f"{id},{name},{price},d1,{at}\n"


@pytest.fixture(params=["hudi", "delta"])
def lake(request: Any, spark: SparkSession, locations: Locations) -> FileLake:
    return loaded(spark, locations, request.param)


@pytest.fixture
def delta(spark: SparkSession, locations: Locations) -> FileLake:
    return loaded(spark, locations, "delta")


def loaded(spark: SparkSession, locations: Locations, format: str, **files: Any) -> FileLake:
    made = make_lake(spark, locations, format, files={**FILES, **files})
    lake = FileLake(made.context, made.bronze)
    lake.bronze.load([thing(1, "db")])
    lake.bronze.complete()
    return lake


def test_rows_of_files_stand_beside_those_of_the_database_with_file_and_line(
    lake: FileLake,
) -> None:
    lake.drop("a.csv", HEADER + line(2) + line(3, " both "))
    assert lake.accounted().read == 3
    assert lake.names() == {1: "DB", 2: "CSV", 3: "BOTH"}
    places = lake.silver().orderBy("id").select("id", FILE, LINE).collect()
    assert [tuple(row) for row in places] == [(1, None, None), (2, "a.csv", 2), (3, "a.csv", 3)]


def test_a_file_is_read_once_and_again_when_it_changed(lake: FileLake) -> None:
    lake.drop("a.csv", HEADER + line(2))
    lake.apply()
    assert lake.apply().status == "idle"
    lake.drop("a.csv", HEADER + line(2, "new") + line(3), DAY + 1)
    assert lake.apply().files == 1
    assert lake.names() == {1: "DB", 2: "NEW", 3: "CSV"}


def test_a_file_delivered_twice_changes_nothing(lake: FileLake) -> None:
    content = HEADER + line(2, "x") + line(3, "y")
    lake.drop("a-1.csv", content)
    lake.apply()
    before = lake.names()
    lake.drop("a-2.csv", content)
    assert lake.accounted().read == 2
    assert lake.names() == before


def test_the_last_line_of_a_key_wins_and_the_later_name(lake: FileLake) -> None:
    lake.drop("b-20260102.csv", HEADER + line(2, "first") + line(2, "second"))
    assert lake.accounted().superseded == 1
    lake.drop("b-20260101.csv", HEADER + line(2, "late") + line(3, "late"), DAY + 5)
    assert lake.accounted().superseded == 1
    assert lake.names() == {1: "DB", 2: "SECOND", 3: "LATE"}


def test_under_the_database_a_file_never_changes_its_keys(lake: FileLake) -> None:
    lake.drop("a.csv", HEADER + line(1) + line(2))
    assert lake.accounted().superseded == 1
    assert lake.names() == {1: "DB", 2: "CSV"}
    lake.bronze.changes(insert(5, 2, "db two"), delete(6, 1))
    lake.accounted()
    assert lake.names() == {2: "DB TWO"}
    lake.drop("b.csv", HEADER + line(1) + line(2) + line(3), DAY + 1)
    assert lake.accounted().superseded == 2
    assert lake.names() == {2: "DB TWO", 3: "CSV"}
    assert lake.verified([thing(2, "db two")]) == (True, 1)
    assert lake.verified([thing(1), thing(2, "db two")]) == (False, 1)


def test_above_the_database_a_file_keeps_its_keys(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "hudi", precedence="files")
    lake.drop("a.csv", HEADER + line(1) + line(2))
    lake.accounted()
    assert lake.names() == {1: "CSV", 2: "CSV"}
    lake.bronze.changes(update(5, 1, "db"), delete(6, 2), insert(7, 3, "db"))
    assert lake.accounted().superseded == 2
    assert lake.names() == {1: "CSV", 2: "CSV", 3: "DB"}
    assert lake.verified([thing(1, "db"), thing(3, "db")]) == (True, 2)
    assert lake.verified([thing(1, "db")]) == (False, 2)


def test_a_new_epoch_keeps_the_rows_of_files_and_what_the_database_deleted(lake: FileLake) -> None:
    file = [line(1, "erased"), line(2), line(4, "deleted"), line(5, "unfit"), line(6)]
    lake.drop("a.csv", HEADER + "".join(file) + "oops\n")
    lake.bronze.changes(insert(5, 4, "db"), delete(6, 4), insert(7, 5, "db", price="-1.00"))
    lake.accounted()
    assert lake.names() == {1: "DB", 2: "CSV", 6: "CSV"}
    # Neither 1, which was deleted between the epochs, nor 4 nor 5 comes back by the file.
    for epoch in ("e0002", "e0003"):
        lake.bronze.load([thing(3, "db"), thing(6, "db six")], epoch=epoch)
        lake.bronze.complete(epoch)
        assert lake.accounted().read == 8
        assert lake.names() == {2: "CSV", 3: "DB", 6: "DB SIX"}
        assert lake.states() == {1: "deleted", 4: "deleted", 5: "deleted"}
    assert [entry[1] for entry in lake.lines()] == [7]
    lake.bronze.changes(insert(9, 1, "back"), epoch="e0003")
    lake.accounted()
    assert lake.names()[1] == "BACK" and lake.states() == {4: "deleted", 5: "deleted"}


def test_a_new_epoch_under_files_has_the_rows_that_the_database_had(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "delta", precedence="files")
    lake.drop("a.csv", HEADER + line(1) + line(2))
    lake.apply()
    lake.bronze.load([thing(3, "db")], epoch="e0002")
    lake.bronze.complete("e0002")
    lake.accounted()
    assert lake.names() == {1: "CSV", 2: "CSV", 3: "DB"}


def test_a_truncation_empties_the_database_alone(delta: FileLake) -> None:
    delta.drop("a.csv", HEADER + line(2))
    delta.apply()
    truncate(delta, sequence=9)
    delta.apply()
    assert delta.names() == {2: "CSV"}
    delta.drop("b.csv", HEADER + line(4), DAY + 1)
    delta.apply()
    assert delta.names() == {2: "CSV", 4: "CSV"}


@pytest.mark.parametrize(("format", "deletes"), [("hudi", "hard"), ("delta", "soft")])
def test_files_and_a_truncation_end_in_the_same_rows_in_any_order_and_anew(
    spark: SparkSession, locations: Locations, format: str, deletes: str
) -> None:
    table: dict[str, Any] = {"format": format, "deletes": deletes, "files": FILES}
    made = make_lake(spark, locations, **table)
    lake = FileLake(made.context, made.bronze)
    lake.bronze.load([thing(1, "db"), thing(2, "db")])
    lake.bronze.complete()
    lake.bronze.changes(insert(5, 3, "db"), delete(6, 2))
    lake.drop("a.csv", HEADER + "".join(line(id, "a") for id in (1, 2, 4)))
    assert lake.accounted().superseded == 3
    truncate(lake, sequence=9)
    result = lake.accounted()
    assert (result.files, result.read, result.applied) == (1, 3, 3)
    assert lake.there() == {1: "A", 2: "A", 4: "A"}
    lake.bronze.changes(update(8, 1, "late"), insert(10, 4, "after"))
    lake.drop("b.csv", HEADER + "".join(line(id, "b") for id in (1, 3, 4)), DAY + 1)
    assert lake.accounted().superseded == 2
    expected = {1: "B", 2: "A", 3: "B", 4: "AFTER"}
    assert lake.there() == expected
    rules = [{"name": "price", "check": "price >= 0", "reason": "less than nothing"}]
    again = FileLake(make_lake(spark, locations, **table, rules=rules).context, lake.bronze)
    result = again.accounted()
    assert (result.read, result.applied, result.superseded) == (12, 4, 8)
    assert again.there() == expected


def test_files_and_truncations_that_were_skipped_stay_left_out(delta: FileLake) -> None:
    delta.drop("a.csv", HEADER + line(2))
    delta.apply()
    good = delta.context.silver("thing").version()
    delta.drop("b.csv", HEADER + line(2, "wrong") + line(3, "wrong"), DAY + 1)
    truncate(delta, sequence=9)
    delta.apply()
    assert delta.names() == {2: "WRONG", 3: "WRONG"}
    rollback(delta.context, "thing", good)
    resume(delta.context, "thing", "skip")
    delta.drop("c.csv", HEADER + line(4), DAY + 2)
    rules = [{"name": "price", "check": "price >= 0", "reason": "less than nothing"}]
    spark, locations = delta.context.spark, delta.context.locations
    made = make_lake(spark, locations, "delta", files=FILES, rules=rules)
    for each in (delta, FileLake(made.context, delta.bronze)):
        each.accounted()
        assert each.names() == {1: "DB", 2: "CSV", 4: "CSV"}
        assert each.apply().status == "idle"


BAD = {
    "a quote without its partner": '2,"csv,1.00,d1,2026-01-02',
    "other than 5 fields": "2,csv,1.00",
    "at is '2026-13-45', expected timestamp": "2,csv,1.00,d1,2026-13-45",
    "at is '2026', expected timestamp": "2,csv,1.00,d1,2026",
    "price is '1,000', expected decimal(12,2)": '2,csv,"1,000",d1,2026-01-02',
    "price is '1.005', expected decimal(12,2)": "2,csv,1.005,d1,2026-01-02",
    "id is '2.5', expected bigint": "2.5,csv,1.00,d1,2026-01-02",
    "no id": ",csv,1.00,d1,2026-01-02",
}


def test_lines_that_are_no_rows_are_kept_with_the_reason_and_the_rest_is_loaded(
    lake: FileLake,
) -> None:
    lake.drop("bad.csv", HEADER + line(7) + "".join(f"{text}\n" for text in BAD.values()))
    result = lake.accounted()
    assert (result.read, result.quarantined) == (2 + len(BAD), len(BAD))
    assert lake.names() == {1: "DB", 7: "CSV"}
    assert lake.lines() == [
        ("bad.csv", number, reason, text)
        for number, (reason, text) in enumerate(BAD.items(), start=3)
    ]


def test_a_line_in_another_encoding_is_no_row_with_question_marks(lake: FileLake) -> None:
    good = line(3, "Zoë 🚗 \ufffd")
    lake.drop("a.csv", HEADER.encode() + line(2, "Zoë").encode("latin-1") + good.encode())
    lake.accounted()
    assert lake.names() == {1: "DB", 3: "ZOË 🚗 \ufffd"}
    assert [(bad[1], bad[2]) for bad in lake.lines()] == [(2, "bytes that are not UTF-8")]


def test_a_row_that_breaks_a_rule_is_in_quarantine_with_file_and_line(lake: FileLake) -> None:
    lake.drop("a.csv", HEADER + line(2) + line(3, price="-1"))
    assert lake.accounted().quarantined == 1
    held = lake.context.quarantine("thing").read().collect()
    assert [(row["id"], row[FILE], row[LINE]) for row in held] == [(3, "a.csv", 3)]
    lake.drop("b.csv", HEADER + line(3), DAY + 1)
    lake.accounted()
    assert lake.names() == {1: "DB", 2: "CSV", 3: "CSV"}


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + HEADER + line(2),
        HEADER.replace("\n", "\r\n") + line(2).replace("\n", "\r\n"),
        HEADER + line(2).rstrip("\n"),
        "\n".join(["day,at,PRICE, name ,id", "d1,2026-01-02,1.00,csv,2", ""]),
        HEADER + "\n\n" + line(2) + "\n",
        HEADER + '2,"csv",1.00,"d1",2026-01-02\n',
        "id,name,price\n2,csv,1\n",
    ],
    ids=["bom", "crlf", "no last end", "order", "blank lines", "quotes", "fewer columns"],
)
def test_harmless_forms_of_a_file(delta: FileLake, content: str) -> None:
    delta.drop("a.csv", content)
    delta.accounted()
    assert delta.names() == {1: "DB", 2: "CSV"}
    assert delta.lines() == []


def test_files_with_odd_names_compressed_empty_and_hidden_ones(delta: FileLake) -> None:
    delta.drop("wé ird, [x] #1%20+.csv", HEADER + line(2))
    delta.drop("b.csv.gz", gzip.compress((HEADER + line(3)).encode()))
    delta.drop("empty.csv", "")
    delta.drop("header.csv", HEADER)
    delta.drop(".half.csv", HEADER + line(4))
    delta.drop("_manifest.csv", HEADER + line(5))
    result = delta.accounted()
    assert (result.files, result.read) == (4, 3)
    assert delta.names() == {1: "DB", 2: "CSV", 3: "CSV"}


PACKED = gzip.compress("".join([HEADER, *(line(i) for i in range(9000))]).encode())
BROKEN = {
    "12:30.csv": ((HEADER + line(2)).encode(), "the file's name has a colon or a line end"),
    "PACKED.CSV.GZ": (PACKED, "the file's name ends not with .gz"),
    "cut.csv.gz": (PACKED[:-500], "the file is no whole gzipped file: java.io.EOFException"),
    "plain.csv.gz": (
        (HEADER + line(2)).encode(),
        "the file is no whole gzipped file: java.io.IOException",
    ),
    "two\nlines.csv": ((HEADER + line(2)).encode(), "the file's name has a colon or a line end"),
    "wide.csv": (
        f"id,{'x' * 131_072}\n2,x\n".encode(),
        "the file's header has more than 131,072 characters",
    ),
    "many.csv": (
        f"id{',x' * 20_480}\n2,x\n".encode(),
        "the file's header has more than 20,480 fields",
    ),
    "wrong.csv.gz": (
        PACKED[:600] + bytes(50) + PACKED[650:],
        "the file is no whole gzipped file: java.io.IOException",
    ),
}


def test_a_broken_file_is_one_rejected_line_and_everything_else_is_loaded(lake: FileLake) -> None:
    for name, (content, _) in BROKEN.items():
        lake.drop(name, content)
    lake.drop("good.csv", HEADER + line(3))
    lake.bronze.changes(insert(5, 4, "db four"))
    result = lake.accounted()
    assert (result.read, result.quarantined) == (3 + len(BROKEN), len(BROKEN))
    assert lake.names() == {1: "DB", 3: "CSV", 4: "DB FOUR"}
    told = {name: (number, text, reason) for name, number, reason, text in lake.lines()}
    assert {name: each[:2] for name, each in told.items()} == dict.fromkeys(BROKEN, (0, None))
    for name, (_, reason) in BROKEN.items():
        assert told[name][2].startswith(reason)
    assert lake.apply().status == "idle"


def test_a_batch_of_broken_files_alone_is_consumed(delta: FileLake) -> None:
    delta.apply()
    delta.drop("plain.csv.gz", HEADER + line(2))
    result = delta.accounted()
    assert (result.files, result.read, result.quarantined) == (1, 1, 1)
    assert delta.apply().status == "idle"


def test_a_file_that_the_storage_does_not_give_is_named_and_read_another_time(
    delta: FileLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = delta.drop("a.csv", HEADER + line(2))
    folder, _, name = str(path).rpartition("/")
    elsewhere = path.rename(f"{folder}.{name}")
    found = StoredFile(name, DAY * 1000, 1)
    with monkeypatch.context() as patch:
        patch.setattr(delta.context.storage, "files", lambda folder: [found])
        failed = apply_table(delta.context, "thing")
    assert failed.status == "failed" and failed.kind == "bug"
    assert f"{path} could not be opened" in str(failed.error)
    elsewhere.rename(path)
    delta.accounted()
    assert delta.names() == {1: "DB", 2: "CSV"}


def test_a_line_of_any_length_is_judged_alone(delta: FileLake) -> None:
    long = "x" * 3_000_000
    delta.drop(
        "a.csv", HEADER + line(2, long) + line(3, "y" + "," * 100_001) + line(4, "," * 30_000)
    )
    delta.drop("b.csv", HEADER + line(5, '"' + "," * 50_000 + '"'))
    delta.accounted()
    assert delta.names() == {1: "DB", 2: long.upper(), 5: "," * 50_000}
    assert [bad[1:3] for bad in delta.lines()] == [
        (3, "more than 100,000 delimiters"),
        (4, "other than 5 fields"),
    ]


def test_looking_for_files_runs_no_spark_job(delta: FileLake) -> None:
    delta.drop("a.csv", HEADER + line(2))
    delta.apply()
    (folder := Path(delta.context.locations.files) / "things" / "folder.csv").mkdir()
    context = delta.context.spark.sparkContext
    context.setJobGroup("look", "look")
    found = find_dropped(delta.context.storage, str(folder.parent), FileSet())[1]
    assert found == [DroppedFile(f"{folder.parent}/a.csv", "a.csv", DAY * 1000, found[0].bytes)]
    assert found[0].bytes == (folder.parent / "a.csv").stat().st_size
    assert find_dropped(delta.context.storage, f"{folder.parent}/none", FileSet())[1] == []
    assert context.statusTracker().getJobIdsForGroup("look") == []


def test_a_file_without_the_key_is_rejected_line_by_line(delta: FileLake) -> None:
    delta.drop("a.csv", "name,price\nx,1\ny,2\n")
    assert delta.accounted().quarantined == 2
    assert delta.lines()[0][2] == "the file's header has no column id"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("root:x:0:0:root", "the file's header has no column id"),
        ("\x00i\x00d\x00", "the file's header has no column id"),
        ("id;name;price;day;at", "the file's header has no column id"),
        ("id,name,price,name,at", "the file's header has name more than once"),
        ("id,note,price,Note,at", "the file's header has note more than once"),
    ],
)
def test_a_header_that_cannot_be_understood_adds_no_columns_and_stops_no_other_file(
    lake: FileLake, header: str, reason: str
) -> None:
    lake.bronze.changes(insert(5, 4, "db four"))
    lake.drop("bad.csv", f"{header}\n{line(2)}")
    lake.drop("good.csv", HEADER + line(3))
    before = lake.silver().columns if lake.context.silver("thing").exists() else None
    result = lake.accounted()
    assert lake.names() == {1: "DB", 3: "CSV", 4: "DB FOUR"}
    assert lake.lines() == [("bad.csv", 2, reason, line(2).strip())]
    assert not result.schema_changed and before in (None, lake.silver().columns)


def test_an_extra_column_has_a_name_that_tables_can_have(lake: FileLake) -> None:
    header = HEADER.strip() + ",Loyalty Tier,Fläche (m²),_lw_order,---\n"
    lake.drop("a.csv", header + line(2).strip() + ",gold,7,x,y\n")
    lake.accounted()
    (row,) = lake.silver().where("id = 2").collect()
    assert (row["loyalty_tier"], row["flache_m2"], row["lw_order"]) == ("gold", "7", "x")


def test_files_of_blank_lines_have_no_rows_and_a_blank_header_no_columns(delta: FileLake) -> None:
    delta.drop("a.csv", "\n\n")
    assert (delta.accounted().read, delta.names()) == (1, {1: "DB"})
    delta.drop("b.csv", "\n2,csv\n3,csv\n", DAY + 1)
    assert delta.accounted().quarantined == 2
    assert delta.lines()[0] == ("b.csv", 2, "the file's header has no column id", "2,csv")


def test_an_extra_column_flows_through_and_a_named_header_is_its_column(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "delta", headers={"Thing No": "id"})
    lake.drop("a.csv", "thing no,name,colour,price\n2,csv,red,1\n")
    assert lake.accounted().schema_changed
    found = lake.silver().where("id = 2").select("name", "colour").collect()
    assert [tuple(row) for row in found] == [("CSV", "red")]


def test_files_are_read_in_the_type_that_the_source_widened_to(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "delta")
    lake.apply()
    wide = {**lake.bronze.types, "price": pa.decimal128(20, 4)}
    lake.bronze.changes(insert(5, 2, "wide"), types=wide)
    assert lake.apply().schema_changed
    lake.drop("a.csv", HEADER + line(3, price="1234567890123.4567"))
    assert lake.accounted().quarantined == 0
    lake.drop("b.csv", HEADER + line(4, price="1234567890123.45678"), DAY + 1)
    assert lake.accounted().quarantined == 1
    price = "price is '1234567890123.45678', expected decimal(20,4)"
    assert [bad[2] for bad in lake.lines()] == [price]
    expected = {1: "1.0000", 2: "1.0000", 3: "1234567890123.4567"}
    rules = [{"name": "price", "check": "price >= 0", "reason": "less than nothing"}]
    made = make_lake(spark, locations, "delta", files=FILES, rules=rules)
    for each in (lake, again := FileLake(made.context, lake.bronze)):
        each.apply()
        assert {row["id"]: str(row["price"]) for row in each.silver().collect()} == expected
    assert [bad[2] for bad in again.lines()] == [price]
    again.drop("c.csv", HEADER + line(5, price="0.1234"), DAY + 2)
    assert again.accounted().quarantined == 0


def test_lines_are_numbered_over_the_blocks_of_a_file(delta: FileLake) -> None:
    content = HEADER + "".join(line(i, f"n{i}") for i in range(2, 2002))
    delta.context.spark.conf.set("spark.sql.files.maxPartitionBytes", 4096)
    delta.context.small.conf.set("spark.sql.files.maxPartitionBytes", 4096)
    try:
        delta.drop("a.csv", content)
        assert delta.accounted().read == 2001
        wrong = delta.silver().where(f"id > 1 AND {LINE} <> id").count()
    finally:
        delta.context.spark.conf.unset("spark.sql.files.maxPartitionBytes")
        delta.context.small.conf.unset("spark.sql.files.maxPartitionBytes")
    assert wrong == 0
