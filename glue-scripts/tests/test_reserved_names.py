"""Tables and columns may have the names of SQL's own words, from bronze to gold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession
from silver_lake import Bronze, change, manifest

from lakewright.compile import compile_lake
from lakewright.context import LakeContext
from lakewright.gold import Gold
from lakewright.locations import Locations
from lakewright.ops import Ops
from lakewright.query import Query
from lakewright.silver import apply_table
from lakewright.verify import verify

TYPES = {"group": pa.int64(), "select": pa.string(), "from": pa.int64()}
ORDER: dict[str, Any] = {
    "name": "order",
    "source_table": "order",
    "key": ["group"],
    "source_columns": [
        {"name": "group", "type": "bigint"},
        {"name": "select", "type": "string"},
        {"name": "from", "type": "bigint"},
    ],
    "sql": "SELECT\n  `group`,\n  `select`,\n  `from`\nFROM `order`\n",
    "partition_by": ["select"],
    "rules": [{"name": "positive", "check": "`from` > 0", "reason": "not positive"}],
}
TABLE: dict[str, Any] = {
    "name": "table",
    "description": "",
    "sql": "SELECT `select`, sum(`from`) AS `where` FROM silver.`order` GROUP BY `select`",
    "inputs": ["silver.order"],
    "grain": ["select"],
    "refresh_by": ["select"],
    "touched": {},
    "uses_today": False,
    "partition_by": [],
    "tenant_column": None,
    "quality": [],
    "columns": [],
}


@pytest.mark.parametrize("format", ["hudi", "delta"])
def test_every_step_takes_them_for_names(
    spark: SparkSession, locations: Locations, format: str
) -> None:
    Path(locations.bronze).mkdir(parents=True, exist_ok=True)
    lake = manifest({**ORDER, "format": format}, models=[{**TABLE, "format": format}])
    assert compile_lake(spark, lake)["models"]["table"] == [
        {"name": "select", "type": "string"},
        {"name": "where", "type": "bigint"},
    ]
    context = LakeContext(spark, lake, locations)
    bronze = Bronze(Path(locations.bronze), table="order", types=TYPES)
    gold = Gold(context)

    bronze.load([row(1, "a", 1), row(2, "b", 2), row(3, "b", -3)])
    bronze.complete()
    assert apply_table(context, "order").error is None
    assert [result.error for result in gold.run()] == [None]
    bronze.changes(
        change("U", 1, row(1, "b", 10), group=1),
        change("I", 2, row(4, "a", 4)),
        change("D", 3, {"group": 2}, group=2),
        key=("group",),
    )
    assert apply_table(context, "order").error is None
    assert [(result.status, result.error) for result in gold.run()] == [("refreshed", None)]

    query = Query(context, Ops(context))
    stored = query.run("SELECT `group`, `select`, `from` FROM silver.order ORDER BY `group`")
    assert stored["rows"] == [[1, "b", 10], [4, "a", 4]]
    assert query.run("SELECT `group` FROM quarantine.`order` WHERE state = 'quarantined'")[
        "rows"
    ] == [[3]]
    assert sorted(query.run("SELECT `select`, `where` FROM gold.table")["rows"]) == [
        ["a", 4],
        ["b", 10],
    ]

    snapshot = Bronze(Path(locations.changes) / "now", table="order", types=TYPES)
    snapshot.load([row(1, "b", 10), row(3, "b", -3), row(4, "a", 4)])
    (result,) = verify(context, f"{locations.changes}/now/e0001", None, lambda _: None)
    assert result["ok"], result


def row(group: int, select: str, from_: int) -> dict[str, Any]:
    return {"group": group, "select": select, "from": from_}
