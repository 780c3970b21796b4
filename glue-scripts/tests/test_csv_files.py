"""Bronze as gzipped CSV: the same changes end in the same silver as from Parquet."""

from __future__ import annotations

import gzip
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession
from pyspark.sql.types import StructType
from silver_lake import Bronze, Lake, change, delete, insert, make_lake, thing, update, write_csv

from lakewright.csv_files import CsvFiles, read_csv
from lakewright.errors import UserError
from lakewright.locations import Locations
from lakewright.ops import Ops
from lakewright.query import Query
from lakewright.silver import apply_table
from lakewright.storage import Storage

TEXT = 'comma, "quote"\n\r\n\n line \\ end'

WIDE = {
    "id": ("bigint", pa.int64()),
    "name": ("string", pa.string()),
    "small": ("smallint", pa.int16()),
    "ratio": ("double", pa.float64()),
    "yes": ("boolean", pa.bool_()),
    "bytes": ("binary", pa.binary()),
    "born": ("date", pa.date32()),
    "at": ("timestamp", pa.timestamp("us")),
    "price": ("decimal(38,10)", pa.decimal128(38, 10)),
}
FULL = {
    "id": 1,
    "name": TEXT,
    "small": -32768,
    "ratio": 0.1,
    "yes": True,
    "bytes": b"\x00\xff\\",
    "born": date(1, 1, 1),
    "at": datetime(9999, 12, 31, 23, 59, 59, 999999),
    "price": Decimal("1234567890123456789012345678.0123456789"),
}
EMPTY = {"id": 2, "name": "", "bytes": b"", "ratio": float("inf"), "yes": False}
NULLS = {"id": 3}


@pytest.fixture
def lake(spark: SparkSession, locations: Locations) -> Lake:
    lake = make_lake(spark, locations, "delta")
    lake.bronze.csv = True
    return lake


def rows_of(lake: Lake) -> list[dict[str, Any]]:
    rows = [row.asDict() for row in lake.silver().collect()]
    return sorted(rows, key=lambda row: row["id"])


def other(spark: SparkSession, root: Path, csv: bool, **table: Any) -> Lake:
    """A lake of its own folder."""
    layers = ("bronze", "files", "silver", "gold", "quarantine", "ops", "changes")
    lake = make_lake(spark, Locations(**{each: str(root / each) for each in layers}), **table)
    lake.bronze.csv = csv
    return lake


def test_every_type_and_every_text_comes_out_as_from_parquet(
    spark: SparkSession, tmp_path: Path
) -> None:
    table = {
        "format": "delta",
        "source_columns": [{"name": n, "type": t} for n, (t, _) in WIDE.items()],
        "sql": f"SELECT {', '.join(WIDE)} FROM thing",
        "rules": [],
    }
    lakes = [other(spark, tmp_path / form, form == "csv", **table) for form in ("parquet", "csv")]
    for lake in lakes:
        lake.bronze.types = {name: arrow for name, (_, arrow) in WIDE.items()}
        lake.bronze.load([FULL, EMPTY, NULLS])
        lake.bronze.complete()
        lake.bronze.changes(change("U", 1, {**EMPTY, "id": 4, "name": TEXT}, id=3))
        assert lake.apply().read == 4
    parquet, csv = (rows_of(lake) for lake in lakes)
    assert [row["name"] for row in csv] == [TEXT, "", TEXT]
    assert csv == parquet


@pytest.mark.parametrize("format", ["hudi", "delta"])
def test_the_same_changes_end_in_the_same_rows(
    spark: SparkSession, tmp_path: Path, format: str
) -> None:
    results = []
    for csv in (False, True):
        lake = other(spark, tmp_path / str(csv), csv, format=format)
        lake.bronze.load([thing(1), thing(2), thing(3, price="-1.00"), thing(4)])
        lake.bronze.complete()
        first = lake.apply()
        lake.bronze.changes(update(1, 1, "b"), insert(2, 5), delete(3, 2), update(4, 6, before=4))
        lake.bronze.changes(update(5, 1, TEXT), update(6, 3, "c", price="2.00"))
        second = lake.apply()
        counts = [(each.read, each.applied, each.quarantined) for each in (first, second)]
        results.append((counts, lake.names(), lake.states()))
    assert results[0] == results[1]
    assert results[1][1] == {1: TEXT.upper(), 3: "C", 5: "A", 6: "A"}


def test_files_of_both_forms_are_one_history(lake: Lake) -> None:
    lake.bronze.csv = False
    lake.bronze.load([thing(1), thing(2)])
    lake.bronze.complete()
    lake.bronze.changes(update(1, 1, "b"))
    lake.apply()
    lake.bronze.csv = True
    lake.bronze.changes(update(2, 1, "c"))
    lake.bronze.changes(delete(3, 2))
    assert lake.apply().read == 2
    assert lake.names() == {1: "C"}
    assert lake.apply().read == 0
    assert lake.apply(relist=True).read == 0


def test_columns_are_found_by_the_header_in_any_order(lake: Lake) -> None:
    lake.bronze.load([thing(1)])
    lake.bronze.complete()
    path = lake.bronze.changes(insert(1, 2))
    row = {"name": "b", "ID": 2, "BI_id": None, "Op": "I", "dms_timestamp": "2026-01-10 00:00:01"}
    row |= {"dms_change_seq": f"{2:035d}", "price": "3.00", "added": "x"}
    write_csv(path, list(row), [row])
    assert lake.apply().read == 2
    found = {row["id"]: row.asDict() for row in lake.silver().collect()}
    assert (found[2]["name"], found[2]["price"], found[2]["at"]) == ("B", Decimal("3.00"), None)


def failure(lake: Lake) -> str:
    result = apply_table(lake.context, "thing", False)
    assert result.error is not None
    assert result.kind == "user"
    return result.error


def test_a_value_that_is_none_of_its_type_stops_the_table_and_is_named(lake: Lake) -> None:
    lake.bronze.load([thing(1)])
    lake.bronze.complete()
    lake.apply()
    bad = change("I", 1, {**thing(2), "price": "a lot"})
    path = lake.bronze.changes(insert(1, 2))
    write_csv(path, [*bad, "BI_id"], [{**bad, "BI_id": None}])
    assert failure(lake) == (
        "column price of a CSV file in bronze has 'a lot', which is no decimal(12,2); widen its"
        " type in the lake's definition"
    )
    assert lake.names() == {1: "A"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no whole gzipped file: restore its whole version"),
        (b"Op,id\nI,1\n", "is no whole gzipped file"),
        (gzip.compress(b"Op,id\nI,1,2\n"), "has a row of 3 fields under a header of 2"),
        (gzip.compress(b""), "has no header: restore its whole version"),
        (gzip.compress(b"Op,dms_change_seq,id,name\n" * 99)[:-20], "is no whole gzipped file"),
    ],
)
def test_a_broken_file_is_named_with_what_to_do(lake: Lake, content: bytes, message: str) -> None:
    lake.bronze.load([thing(1)])
    lake.bronze.complete()
    lake.bronze.changes(insert(1, 2)).write_bytes(content)
    assert message in failure(lake)


def test_a_row_of_another_number_of_fields_is_no_row(spark: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "short.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n3\n"))
    columns = StructType().add("a", "string").add("b", "string")
    with pytest.raises(Exception, match="MALFORMED"):
        read_csv(spark, [str(path)], columns).select("a").collect()


def test_a_row_that_begins_with_any_character_is_a_row(spark: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "signs.csv.gz"
    rows = [{"name": name, "id": "1"} for name in ("#", " ", "-- ", "\ufeff", "")]
    write_csv(path, ["name", "id"], rows)
    columns = StructType().add("name", "string").add("id", "string")
    read = read_csv(spark, [str(path)], columns).collect()
    assert [row["name"] for row in read] == [row["name"] for row in rows]
    assert CsvFiles(spark, Storage(spark)).describe(str(path)) == (["name", "id"], 5)


def test_rows_are_counted_as_records_not_as_lines(spark: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv.gz"
    write_csv(path, ["id", "name"], [{"id": n, "name": TEXT} for n in range(1000)])
    files = CsvFiles(spark, Storage(spark))
    assert files.describe(str(path)) == (["id", "name"], 1000)
    write_csv(path, ["id", "name"], [])
    assert files.describe(str(path)) == (["id", "name"], 0)
    with pytest.raises(UserError):
        files.describe(str(Path(__file__)))


def test_truncations_come_as_csv_too(lake: Lake, locations: Locations) -> None:
    lake.bronze.load([thing(1)])
    lake.bronze.complete()
    lake.bronze.changes(update(1, 1, "b"))
    types = {"id": pa.int64(), "table_schema": pa.string(), "table_name": pa.string()}
    control = Bronze(Path(locations.bronze), "truncation", "lakewright", types, csv=True)
    record = {"id": 1, "table_schema": "public", "table_name": "thing"}
    control.changes(change("I", 2, record))
    lake.bronze.changes(insert(3, 7))
    lake.apply()
    assert lake.names() == {7: "A"}


def test_bronze_of_both_forms_can_be_queried(lake: Lake) -> None:
    lake.bronze.load([thing(1, TEXT)])
    query = Query(lake.context, Ops(lake.context))
    names = query.run("SELECT name, price FROM bronze.thing ORDER BY id")["rows"]
    assert names == [[TEXT, "1.00"]]
    lake.bronze.csv = False
    lake.bronze.changes(update(1, 1, "b", price="2.00"))
    names = query.run("SELECT name, price FROM bronze.thing ORDER BY price")["rows"]
    assert names == [[TEXT, "1.00"], ["b", "2.00"]]
