"""What both table formats promise behind the one protocol."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakewright.table import LakeTable
from lakewright.tables import open_table


@pytest.fixture(params=["hudi", "delta"])
def table(request: pytest.FixtureRequest, spark: SparkSession, tmp_path: Path) -> LakeTable:
    made = open_table(
        spark,
        format=request.param,
        location=str(tmp_path / "table"),
        key=["id"],
        partition_by=["day"],
        buckets=2,
        name="thing",
        layer="silver",
    )
    made.create(rows(spark).schema, {"step": "create"})
    return made


def rows(spark: SparkSession, *items: tuple[int, str, str]) -> DataFrame:
    frame = spark.createDataFrame(list(items), "id long, day string, name string")
    return (
        frame.withColumn("tags", F.array(F.col("name"), F.lit("x")))
        .withColumn("price", F.lit("12.34").cast("decimal(12,2)"))
        .withColumn("at", F.lit("2026-01-02 03:04:05.678901").cast("timestamp"))
    )


def keys(frame: DataFrame, *columns: str) -> list[Any]:
    return sorted(tuple(row) for row in frame.select(*columns).collect())


def test_a_created_table_is_empty_and_readable(table: LakeTable) -> None:
    assert table.exists()
    assert table.read().collect() == []
    assert table.metadata() == {"step": "create"}
    assert {field.name: field.dataType.simpleString() for field in table.schema()} == {
        "id": "bigint",
        "day": "string",
        "name": "string",
        "tags": "array<string>",
        "price": "decimal(12,2)",
        "at": "timestamp",
    }


def test_apply_upserts_deletes_and_moves_between_partitions(
    spark: SparkSession, table: LakeTable
) -> None:
    table.apply(rows(spark, (1, "a", "one"), (2, "a", "two"), (3, "b", "three")), None, {"n": 1})
    moved = rows(spark, (1, "b", "moved"), (4, "c", "four"))
    gone = spark.createDataFrame([(1, "a"), (3, "b")], "id long, day string")
    version = table.apply(moved, gone, {"n": 2})
    assert keys(table.read(), "id", "day", "name") == [
        (1, "b", "moved"),
        (2, "a", "two"),
        (4, "c", "four"),
    ]
    first = table.read().where("id = 2").first()
    assert first is not None and first["tags"] == ["two", "x"]
    assert str(first["price"]) == "12.34" and first["at"].microsecond == 678901
    assert table.version() == version and table.metadata() == {"n": 2}


def test_a_commit_of_metadata_alone_changes_no_row(spark: SparkSession, table: LakeTable) -> None:
    before = table.apply(rows(spark, (1, "a", "one")), None, {"n": 1})
    after = table.apply(None, None, {"n": 2})
    assert after > before and table.metadata() == {"n": 2}
    assert keys(table.read(), "id") == [(1,)]


def test_deleting_absent_keys_still_commits(spark: SparkSession, table: LakeTable) -> None:
    gone = spark.createDataFrame([(9, "a")], "id long, day string")
    before = table.version()
    assert table.apply(None, gone, {"n": 1}) > before
    assert table.metadata() == {"n": 1} and table.read().count() == 0


def test_overwrite_replaces_rows_and_schema_and_keeps_the_old_version_readable(
    spark: SparkSession, table: LakeTable
) -> None:
    old = table.apply(rows(spark, (1, "a", "one"), (2, "b", "two")), None, {"n": 1})
    fresh = rows(spark, (2, "b", "new"), (3, "c", "three")).withColumn("extra", F.lit(7))
    table.overwrite(fresh, {"n": 2, "full": True})
    assert keys(table.read(), "id", "name", "extra") == [(2, "new", 7), (3, "three", 7)]
    assert keys(table.read(old), "id", "name") == [(1, "one"), (2, "two")]
    table.apply(rows(spark, (2, "b", "again")), None, {"n": 3})
    assert keys(table.read(), "id", "name") == [(2, "again"), (3, "three")]


def test_a_table_in_another_layout_does_not_fit(
    spark: SparkSession, table: LakeTable, tmp_path: Path
) -> None:
    table.apply(rows(spark, (1, "a", "one")), None, {"n": 1})
    format: Literal["hudi", "delta"] = "hudi" if (tmp_path / "table/.hoodie").exists() else "delta"
    for partition_by, fits in ((["day"], True), ([], False)):
        other = open_table(
            spark,
            format=format,
            location=table.location,
            layer="silver",
            name="thing",
            key=["id"],
            partition_by=partition_by,
            buckets=2,
        )
        assert other.fits() == fits
    other.create(rows(spark).schema, {"n": 2})
    assert other.fits() and other.read().count() == 0 and other.metadata() == {"n": 2}


def test_rows_are_read_as_hudi_itself_reads_them(spark: SparkSession, tmp_path: Path) -> None:
    """Hudi lists what there is; the table follows its files by its commits."""
    made, generator = hudi_table(spark, tmp_path), random.Random(1)
    made.create(rows(spark).schema, {})
    stored: dict[int, str] = {}
    for turn in range(8):
        items = {n: generator.choice("abc") for n in generator.sample(range(30), 8)}
        named = [(n, day, f"{turn}") for n, day in items.items()]
        if turn in (0, 5):
            stored = {}
            made.overwrite(rows(spark, *named), {"turn": turn})
        else:
            moved = [(n, stored[n]) for n in items if n in stored and stored[n] != items[n]]
            leaving = [(n, day) for n, day in stored.items() if n % 7 == turn and n not in items]
            gone = spark.createDataFrame([*moved, *leaving], "id long, day string")
            made.apply(rows(spark, *named), gone, {"turn": turn})
            stored = {n: day for n, day in stored.items() if (n, day) not in leaving}
        stored |= items
        if turn == 3:
            made.compact()
            made.expire(datetime.now(timezone.utc) - timedelta(days=7))
        by_hudi = keys(spark.read.format("hudi").load(made.location), "id", "day", "name")
        assert [(n, day) for n, day, _ in by_hudi] == sorted(stored.items())
        for reader in (made, hudi_table(spark, tmp_path)):
            assert keys(reader.read(), "id", "day", "name") == by_hudi


def hudi_table(spark: SparkSession, folder: Path) -> LakeTable:
    return open_table(
        spark,
        format="hudi",
        location=str(folder / "files"),
        layer="silver",
        name="files",
        key=["id"],
        partition_by=["day"],
        buckets=2,
    )


VALUES = {
    "small_decimal": "CAST(1.25 AS DECIMAL(9,2))",
    "decimal_of_18": "CAST(1.25 AS DECIMAL(18,2))",
    "large_decimal": "CAST(1.25 AS DECIMAL(38,2))",
    "list": "array('a', NULL, 'b')",
    "map": "map('a', 1, 'b', NULL)",
    "nested": "array(named_struct('a', array(1, 2), 'b', 'x'))",
    "moment": "TIMESTAMP '2026-01-02 03:04:05.678901'",
    "day": "DATE '1600-02-29'",
}


@pytest.mark.parametrize("format", ["hudi", "delta"])
@pytest.mark.parametrize(
    "columns", [*((name,) for name in VALUES), ("decimal_of_18", "list")], ids=" and ".join
)
def test_values_of_a_first_load_survive_later_commits(
    spark: SparkSession,
    tmp_path: Path,
    format: Literal["hudi", "delta"],
    columns: tuple[str, ...],
) -> None:
    made = open_table(
        spark,
        format=format,
        location=str(tmp_path / "table"),
        key=["id"],
        partition_by=[],
        buckets=1,
        name="thing",
        layer="silver",
    )
    first = spark.sql(
        "SELECT id, " + ", ".join(f"{VALUES[name]} AS {name}" for name in columns) + " FROM "
        "VALUES (1L), (2L), (3L) AS rows(id)"
    )
    made.create(first.schema, {})
    made.overwrite(first, {"full": True})
    made.apply(first.where("id = 2").withColumn("id", F.lit(4)), None, {})
    expected = [(key, *first.drop("id").collect()[0]) for key in (1, 2, 3, 4)]
    assert keys(made.read(), "id", *columns) == expected


def test_a_new_column_is_added_by_apply(spark: SparkSession, table: LakeTable) -> None:
    table.apply(rows(spark, (1, "a", "one")), None, {})
    table.apply(rows(spark, (2, "a", "two")).withColumn("extra", F.lit(5)), None, {})
    table.apply(rows(spark, (3, "a", "three")), None, {})
    assert sorted(map(tuple, table.read().select("id", "extra").collect())) == [
        (1, None),
        (2, 5),
        (3, None),
    ]


def test_commits_after_a_version_are_listed_oldest_first(
    spark: SparkSession, table: LakeTable
) -> None:
    start = table.version()
    table.apply(rows(spark, (1, "a", "one")), None, {"n": 1})
    table.apply(rows(spark, (1, "a", "uno")), None, {"n": 2})
    found = table.commits(start)
    assert found is not None
    assert [commit.metadata for commit in found] == [{"n": 1}, {"n": 2}]
    assert keys(table.read(found[0].version), "name") == [("one",)]
    assert table.commits(found[1].version) == []
