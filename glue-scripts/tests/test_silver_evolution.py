"""Silver when the source's columns change, deletes are soft, or partitions move."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession
from silver_lake import (
    AT,
    COLUMNS,
    SQL,
    Bronze,
    Lake,
    change,
    delete,
    insert,
    make_lake,
    thing,
    update,
)

from lakewright.changes import read_changes
from lakewright.locations import Locations
from lakewright.silver import apply_tables

FORMATS = pytest.mark.parametrize("format", ["hudi", "delta"])
TYPES = {name: arrow for name, (_, arrow) in COLUMNS.items()}


def loaded(spark: SparkSession, locations: Locations, format: str, **table: object) -> Lake:
    lake = make_lake(spark, locations, format, **table)
    lake.bronze.load([thing(1, "one"), thing(2, "two")])
    lake.bronze.complete()
    lake.apply()
    return lake


@FORMATS
def test_an_added_column_flows_through_and_a_dropped_one_stays_null(
    spark: SparkSession, locations: Locations, format: str
) -> None:
    lake = loaded(spark, locations, format)
    added = {**TYPES, "colour": pa.string()}
    lake.bronze.changes(change("U", 1, {**thing(1, "one"), "colour": "red"}), types=added)
    assert lake.apply().schema_changed
    dropped = {name: type_ for name, type_ in TYPES.items() if name != "day"}
    lake.bronze.changes(update(2, 2, "two"), types=dropped)
    lake.bronze.changes(change("I", 3, {**thing(3, "three"), "colour": "blue"}), types=added)
    assert not lake.apply().schema_changed
    rows = {row["id"]: row for row in lake.silver().collect()}
    assert {key: (row["colour"], row["day"]) for key, row in rows.items()} == {
        1: ("red", "d1"),
        2: (None, None),
        3: ("blue", "d1"),
    }


@FORMATS
def test_an_added_column_has_a_name_that_tables_can_have(
    spark: SparkSession, locations: Locations, format: str
) -> None:
    lake = loaded(spark, locations, format)
    odd = {"Warranty (Months)": 24, "Höhe.x": 1, "_LW_order": 2}
    types = {**TYPES, **dict.fromkeys(odd, pa.int32())}
    lake.bronze.changes(change("U", 1, {**thing(1, "one"), **odd}), types=types)
    assert lake.apply().schema_changed
    (row,) = lake.silver().where("id = 1").collect()
    assert (row["warranty_months"], row["hohe_x"], row["lw_order"]) == (24, 1, 2)
    assert lake.names() == {1: "ONE", 2: "TWO"}


def test_two_columns_of_one_name_stop_the_table_and_are_named(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "delta")
    types = {**TYPES, "a b": pa.int32(), "a_b": pa.int32()}
    lake.bronze.changes(change("U", 1, {**thing(1, "one"), "a b": 1, "a_b": 2}), types=types)
    (result,) = apply_tables(lake.context, ["thing"])
    assert result.status == "failed"
    assert 'column "a_b" in ' in str(result.error)
    assert "would be a_b in the lake, as another column is" in str(result.error)


def test_a_strict_table_ignores_added_columns(spark: SparkSession, locations: Locations) -> None:
    lake = loaded(spark, locations, "delta", evolution="strict")
    added = {**TYPES, "colour": pa.string()}
    lake.bronze.changes(change("U", 1, {**thing(1, "uno"), "colour": "red"}), types=added)
    assert not lake.apply().schema_changed
    assert "colour" not in lake.silver().columns and lake.names() == {1: "UNO", 2: "TWO"}


@FORMATS
def test_a_widened_type_widens_and_narrow_files_are_still_read(
    spark: SparkSession, locations: Locations, format: str
) -> None:
    wide = {**TYPES, "price": pa.decimal128(20, 4)}
    lake = loaded(spark, locations, format)
    precise = {**thing(1, "one"), "price": Decimal("1234567890123.4567")}
    lake.bronze.changes(change("U", 1, precise), types=wide)
    assert lake.apply().schema_changed
    lake.bronze.changes(update(2, 2, "dos", price="2.50"))
    assert not lake.apply().schema_changed
    found = {row["id"]: str(row["price"]) for row in lake.silver().collect()}
    assert found == {1: "1234567890123.4567", 2: "2.5000"}


def test_a_type_that_cannot_be_represented_stops_that_table_alone(
    spark: SparkSession, locations: Locations
) -> None:
    lake = loaded(spark, locations, "delta")
    lake.context.manifest.tables.append(
        make_lake(spark, locations, "delta", name="other", source_table="other",
                  sql=SQL.replace("FROM thing", "FROM other")).context.manifest.tables[0]
    )  # fmt: skip
    other = Bronze(lake.bronze.root, "other")
    other.load([thing(5, "five")])
    other.complete()
    text = {**TYPES, "price": pa.string()}
    path = lake.bronze.changes(change("U", 1, {**thing(1), "price": "cheap"}), types=text)
    results = {result.table: result for result in apply_tables(lake.context)}
    assert results["other"].status == "applied"
    assert results["thing"].status == "failed" and results["thing"].kind == "user"
    for part in ("thing", "price", str(path), "string", "decimal(12,2)"):
        assert part in (results["thing"].error or "")
    assert lake.names() == {1: "ONE", 2: "TWO"}


@FORMATS
def test_soft_deletes_keep_the_row_and_mark_it(
    spark: SparkSession, locations: Locations, format: str
) -> None:
    lake = loaded(spark, locations, format, deletes="soft")
    lake.bronze.changes(
        delete(1, 1), insert(2, 3, "three"), delete(3, 3), update(4, 2, "x", price="-1.00")
    )
    lake.apply()
    lake.bronze.changes(delete(5, 2))
    lake.apply()
    rows = lake.silver().select("id", "name", "_lw_deleted", "_lw_order").collect()
    assert sorted(map(tuple, rows)) == [
        (1, "ONE", True, f"e0001:{1:035d}"),
        (3, "THREE", True, f"e0001:{3:035d}"),
    ]
    assert lake.states() == {2: "deleted"}
    lake.bronze.changes(insert(6, 1, "back"))
    lake.apply()
    assert lake.silver().where("id = 1 and not _lw_deleted").count() == 1


@FORMATS
def test_a_row_moves_with_its_partition_value(
    spark: SparkSession, locations: Locations, format: str
) -> None:
    lake = loaded(spark, locations, format, partition_by=["day"])
    lake.bronze.changes(update(1, 1, "moved", day="d2"), insert(2, 3, "three", day="d3"))
    lake.apply()
    rows = lake.silver().select("id", "name", "day").collect()
    assert sorted(map(tuple, rows)) == [
        (1, "MOVED", "d2"),
        (2, "TWO", "d1"),
        (3, "THREE", "d3"),
    ]
    lake.bronze.changes(update(3, 1, "bad", price="-1.00", day="d4"), delete(4, 3))
    lake.apply()
    assert lake.names() == {2: "TWO"}


@FORMATS
def test_the_change_file_has_the_rows_before_and_after(
    spark: SparkSession, locations: Locations, format: str
) -> None:
    lake = loaded(spark, locations, format)
    silver = lake.context.silver("thing")
    start = silver.version()
    lake.bronze.changes(update(1, 1, "uno"), delete(2, 2), insert(3, 3, "three"))
    lake.apply()
    storage = lake.context.storage
    found = read_changes(spark, storage, locations.changes, silver.commits(start))
    assert not found.full and found.rows is not None
    images = found.rows.select("_lw_image", "id", "name", "at").collect()
    assert sorted(map(tuple, images)) == [
        ("after", 1, "UNO", AT),
        ("after", 3, "THREE", AT),
        ("before", 1, "ONE", AT),
        ("before", 2, "TWO", AT),
    ]
    assert read_changes(spark, storage, locations.changes, silver.commits()).full
    storage.delete(f"{locations.changes}/silver/thing")
    assert read_changes(spark, storage, locations.changes, silver.commits(start)).full


@FORMATS
@pytest.mark.parametrize(
    "changed",
    [
        {"sql": SQL.replace("upper", "lower")},
        {"rules": [{"name": "short", "check": "length(name) < 4", "reason": "name is long"}]},
    ],
    ids=["sql", "rules"],
)
def test_a_changed_definition_reaches_the_rows_that_are_stored(
    spark: SparkSession, locations: Locations, format: str, changed: dict[str, object]
) -> None:
    lake = loaded(spark, locations, format)
    lake.bronze.changes(insert(1, 3, "three"), delete(2, 1))
    lake.apply()
    fresh = Lake(make_lake(spark, locations, format, **changed).context, lake.bronze)
    result = fresh.apply()
    assert (result.read, result.applied + result.quarantined + result.superseded) == (4, 4)
    expected = {2: "two", 3: "three"} if "sql" in changed else {2: "TWO"}
    assert fresh.names() == expected
    assert fresh.states().get(3) == (None if "sql" in changed else "quarantined")
    fresh.bronze.changes(update(3, 2, "dos"))
    assert fresh.apply().read == 1
    assert fresh.names()[2].lower() == "dos"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"format": "hudi", "partition_by": ["day"]}, {"format": "hudi"}),
        ({"format": "hudi", "buckets": 2}, {"format": "hudi", "buckets": 5}),
        ({"format": "delta"}, {"format": "delta", "partition_by": ["day"]}),
        ({"format": "hudi"}, {"format": "delta"}),
        ({"format": "delta"}, {"format": "hudi"}),
    ],
    ids=["partitions", "buckets", "delta partitions", "to delta", "to hudi"],
)
def test_a_changed_layout_lays_the_table_out_anew(
    spark: SparkSession, locations: Locations, before: dict[str, Any], after: dict[str, Any]
) -> None:
    lake = loaded(spark, locations, **before)
    lake.bronze.changes(*(insert(n, n, f"n{n}", day=f"d{n % 3}") for n in range(3, 20)))
    lake.apply()
    seen = lake.context.silver("thing").version()
    fresh = Lake(make_lake(spark, locations, **after).context, lake.bronze)
    fresh.apply()
    expected = {1: "ONE", 2: "TWO", **{n: f"N{n}" for n in range(3, 20)}}
    assert fresh.names() == expected
    commits = fresh.context.silver("thing").commits(seen)
    assert commits is None or any(commit.metadata.get("full") for commit in commits)
    fresh.bronze.changes(*(update(20 + n, n, f"u{n}", day=f"d{n % 3}") for n in range(3, 20)))
    fresh.apply()
    assert fresh.names() == {1: "ONE", 2: "TWO", **{n: f"U{n}" for n in range(3, 20)}}
    assert fresh.apply().status == "idle"
