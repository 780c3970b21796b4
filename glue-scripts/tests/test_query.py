"""Queries of the user's: what they read, what they are refused, and how values come back."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gold_lake import GoldLake
from pyspark.sql import SparkSession

from lakewright.errors import UserError
from lakewright.locations import Locations
from lakewright.ops import Ops
from lakewright.query import Query


@pytest.fixture(scope="module")
def lake(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> GoldLake:
    root = tmp_path_factory.mktemp("lake")
    layers = ("bronze", "files", "silver", "gold", "quarantine", "ops", "changes")
    locations = Locations(**{layer: str(root / layer) for layer in layers})
    lake = GoldLake.make(spark, locations, "delta", tables=("orders",))
    lake.commit("orders", [(1, 1, 1, "2026-01", Decimal("10.50"))])
    return lake


@pytest.fixture
def query(lake: GoldLake) -> Query:
    return Query(lake.context, Ops(lake.context))


def test_values_come_back_exact_as_json_has_them(query: Query) -> None:
    result = query.run(
        """SELECT id, amount, TIMESTAMP '2026-01-02 03:04:05.678901' AS at,
        DATE '2026-01-02' AS day,
        array(1.5BD, null) AS numbers, named_struct('a', 1) AS pair, CAST('NaN' AS DOUBLE) AS nan,
        null AS nothing, true AS yes, X'0AFF' AS bytes, id AS id FROM silver.orders"""
    )
    assert [column["type"] for column in result["columns"]][:3] == [
        "bigint",
        "decimal(12,2)",
        "timestamp",
    ]
    assert result["rows"] == [
        [
            1,
            "10.50",
            "2026-01-02T03:04:05.678901Z",
            "2026-01-02",
            [1.5, None],
            {"a": 1},
            None,
            None,
            True,
            "0AFF",
            1,
        ]
    ]
    assert result["truncated"] is False


def test_the_limit_cuts_and_says_so(query: Query) -> None:
    result = query.run("SELECT id FROM range(5) ORDER BY id", limit=2)
    assert (result["rows"], result["truncated"]) == ([[0], [1]], True)


def test_as_of_a_time_each_table_is_read_as_it_was_then(lake: GoldLake, query: Query) -> None:
    time.sleep(0.05)
    between = datetime.now(timezone.utc).isoformat()
    lake.commit("orders", [(1, 1, 1, "2026-01", Decimal("99.00"))])
    sql = "SELECT amount FROM silver.orders"
    assert query.run(sql)["rows"] == [["99.00"]]
    assert query.run(sql, at=between)["rows"] == [["10.50"]]
    with pytest.raises(UserError, match="its history begins at"):
        query.run(sql, at="2020-01-01T00:00:00Z")
    with pytest.raises(UserError, match='"yesterday" is no time'):
        query.run(sql, at="yesterday")


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE x",
        "INSERT INTO x VALUES (1)",
        "WITH a AS (SELECT 1) INSERT INTO x SELECT * FROM a",
        "DELETE FROM delta.`/tmp/x`",
        "CREATE TEMP VIEW v AS SELECT 1",
        "SET spark.sql.shuffle.partitions = 1",
        "CACHE TABLE x",
    ],
)
def test_anything_but_a_query_is_refused(query: Query, sql: str) -> None:
    with pytest.raises(UserError, match="only queries are allowed"):
        query.run(sql)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELEC 1", "cannot be parsed"),
        ("SELECT nosuch FROM silver.orders", "nosuch"),
        (
            "SELECT 1 FROM silver.nosuch",
            "there is no silver.nosuch; it has orders, items, products",
        ),
        ("SELECT 1 FROM gold.revenue", "gold.revenue does not exist yet"),
        ("SELECT 1 FROM bronze.orders", "bronze.orders has no files yet"),
    ],
)
def test_mistakes_are_told_in_a_sentence(query: Query, sql: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        query.run(sql)


def test_a_time_with_an_offset_is_the_same_moment_for_raw_changes(
    lake: GoldLake, query: Query
) -> None:
    folder = Path(lake.context.locations.bronze, "e0001", "public", "orders")
    folder.mkdir(parents=True)
    times = ["2026-01-31 09:59:59.000000", "2026-01-31 10:30:00.000000"]
    table = pa.table({"Op": ["I", "U"], "dms_timestamp": times, "id": [1, 1]})
    pq.write_table(table, folder / "LOAD00000001.parquet")
    for at in ("2026-01-31T10:00:00Z", "2026-01-31T12:00:00+02:00"):
        assert query.run("SELECT count(*) FROM bronze.orders", at=at)["rows"] == [[1]]
