"""What changed in a table between two of its versions, row by row."""

from __future__ import annotations

from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from lakewright.bookkeeping import BOOKKEEPING
from lakewright.columns import quoted
from lakewright.table import LakeTable

_FROM, _TO = "_lw_from", "_lw_to"
ADDED, CHANGED, REMOVED = "added", "changed", "removed"


def diff_versions(table: LakeTable, from_: str, to: str, limit: int) -> dict[str, Any]:
    """Numbers of rows `added`, `changed` and `removed`, and up to `limit` of them.

    A row has its `kind`, its `key` as text and, by column that differs, the values `from` and `to`
    as text (null where the row or the column was not there). Bookkeeping columns don't count.
    """
    before, after = table.read(from_), table.read(to)
    columns = _columns(table, before.schema, after.schema)
    joined = _sides(table, before, columns, _FROM).join(
        _sides(table, after, columns, _TO), table.key, "full_outer"
    )
    kind = (
        F.when(F.col(_FROM).isNull(), ADDED)
        .when(F.col(_TO).isNull(), REMOVED)
        .when(~F.col(_FROM).eqNullSafe(F.col(_TO)), CHANGED)
    )
    rows = joined.withColumn("kind", kind).where("kind IS NOT NULL").persist()
    try:
        counts = {row["kind"]: row["count"] for row in rows.groupBy("kind").count().collect()}
        some = rows.orderBy(*map(quoted, table.key)).limit(limit)
        found = some.select(
            "kind", *_texts(table.key), F.to_json(_changes(columns)).alias("columns")
        )
        shown = [row.asDict() for row in found.collect()]
    finally:
        rows.unpersist()
    return {
        "from": from_,
        "to": to,
        **{name: counts.get(name, 0) for name in (ADDED, CHANGED, REMOVED)},
        "rows": shown,
    }


def _columns(table: LakeTable, before: StructType, after: StructType) -> list[str]:
    """Every column of either version but the key and the pipeline's own."""
    left_out = {*table.key, *BOOKKEEPING}
    names = dict.fromkeys([*after.fieldNames(), *before.fieldNames()])
    return [name for name in names if name not in left_out]


def _sides(table: LakeTable, rows: DataFrame, columns: list[str], name: str) -> DataFrame:
    """Key and the other columns as texts: a type may have widened from one version to the other."""
    values = [
        (
            F.col(quoted(c)).cast("string") if c in rows.columns else F.lit(None).cast("string")
        ).alias(c)
        for c in columns
    ]
    present = F.lit(True).alias("_lw_present")
    return rows.select(*map(quoted, table.key), F.struct(present, *values).alias(name))


def _texts(key: list[str]) -> list[Column]:
    parts = F.concat_ws(", ", *(F.col(quoted(name)).cast("string") for name in key))
    return [parts.alias("key")]


def _changes(columns: list[str]) -> Column:
    """By column that differs its values, as an array of structs."""
    differing = [
        F.when(
            ~F.col(_FROM)[name].eqNullSafe(F.col(_TO)[name]),
            F.struct(
                F.lit(name).alias("column"),
                F.col(_FROM)[name].alias("from"),
                F.col(_TO)[name].alias("to"),
            ),
        )
        for name in columns
    ]
    return F.array_compact(F.array(*differing))
