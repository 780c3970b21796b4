"""Verification finds every kind of difference between a snapshot and the lake, and only these."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from gold_lake import GoldLake
from pyspark.sql import SparkSession

from lakewright.companion import companion_schema
from lakewright.context import LakeContext
from lakewright.errors import UserError
from lakewright.locations import Locations
from lakewright.manifest import Rule
from lakewright.verify import verify

SNAPSHOT = [
    (1, 1, 1, "2026-01", Decimal(5)),
    (2, 1, None, "2026-01", Decimal(6)),
    (3, 1, 1, "2026-02", Decimal(7)),
    (4, 1, 1, "2026-02", Decimal(-1)),
]


@pytest.fixture
def context(spark: SparkSession, locations: Locations, tmp_path: Path) -> LakeContext:
    lake = GoldLake.make(spark, locations, "delta", tables=("orders",))
    orders = replace(
        lake.context.manifest.table("orders"),
        sql="SELECT id, tenant_id, customer_id, month, amount, array(customer_id) AS l FROM orders",
        rules=[Rule("positive", "amount > 0", "amount is not positive")],
    )
    manifest = replace(lake.context.manifest, tables=[orders], models=[])
    lake.rows("orders", SNAPSHOT).write.parquet(str(tmp_path / "snapshot/public/orders"))
    return LakeContext(spark, manifest, locations)


def store(context: LakeContext, rows: list[tuple[Any, ...]], quarantined: list[int]) -> None:
    frame = context.spark.createDataFrame(
        rows, "id long, tenant_id long, customer_id long, month string, amount decimal(12,2)"
    ).selectExpr("*", "array(customer_id) AS l")
    context.silver("orders").overwrite(frame, {})
    schema = companion_schema(context.manifest.table("orders"), frame.schema)
    companion = context.quarantine("orders")
    companion.create(schema, {})
    held: list[tuple[Any, ...]] = [
        (key, "quarantined", ["positive: x"], "{}", "e", None) for key in quarantined
    ]
    held.append((99, "deleted", None, None, "e", None))
    companion.apply(context.spark.createDataFrame(held, schema), None, {})


def test_a_lake_that_holds_the_snapshot_is_ok(context: LakeContext, tmp_path: Path) -> None:
    store(context, SNAPSHOT[:3], [4])
    (result,) = verify(context, str(tmp_path / "snapshot"), None, lambda event: None)
    assert result == {
        "table": "orders",
        "expected": 3,
        "actual": 3,
        "from_files": 0,
        "quarantined_expected": 1,
        "quarantined_actual": 1,
        "missing": [],
        "extra": [],
        "different": [],
        "quarantine_missing": [],
        "quarantine_extra": [],
        "differences": 0,
        "ok": True,
    }


def test_every_kind_of_difference_is_named(context: LakeContext, tmp_path: Path) -> None:
    changed = (2, 1, 7, "2026-01", Decimal(6))
    store(context, [SNAPSHOT[0], changed, (8, 1, 1, "2026-02", Decimal(7))], [5])
    (result,) = verify(context, str(tmp_path / "snapshot"), ["orders"], lambda event: None)
    assert result["ok"] is False and result["differences"] == 5
    assert (result["missing"], result["extra"]) == (["3"], ["8"])
    assert result["different"] == [{"key": "2", "columns": ["customer_id", "l"]}]
    assert (result["quarantine_missing"], result["quarantine_extra"]) == (["4"], ["5"])


def test_a_missing_snapshot_is_told(context: LakeContext, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"the snapshot has no .*/nothing/public/orders"):
        verify(context, str(tmp_path / "nothing"), None, lambda event: None)
