"""What changed in a table between two of its versions, row by row."""

from __future__ import annotations

from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, StringType, StructType

from lakewright.bookkeeping import BOOKKEEPING
from lakewright.columns import quoted
from lakewright.evolution import wider
from lakewright.table import LakeTable

_FROM, _TO = "_lw_from", "_lw_to"
ADDED, CHANGED, REMOVED = "added", "changed", "removed"


def diff_versions(table: LakeTable, from_: str, to: str, limit: int) -> dict[str, Any]:
    """Numbers of rows `added`, `changed` and `removed`, and up to `limit` of them.

    A row has its `kind`, its `key` as text and, by column that differs, the values `from` and `to`
    as text (null where the row or the column was not there). Bookkeeping columns don't count.
    """
    before, after = table.read(from_), table.read(to)
    types = _types(table, before.schema, after.schema)
    joined = _sides(table, before, types, _FROM).join(
        _sides(table, after, types, _TO), table.key, "full_outer"
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
            "kind", *_texts(table.key), F.to_json(_changes(list(types))).alias("columns")
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


def _types(table: LakeTable, before: StructType, after: StructType) -> dict[str, DataType]:
    """Every column of either version but the key and the pipeline's own, in the type that holds
    the values of both: text where there is none."""
    types = {field.name: field.dataType for field in after.fields}
    for field in before.fields:
        joined = wider(types.get(field.name, field.dataType), field.dataType)
        types[field.name] = joined or StringType()
    left_out = {*table.key, *BOOKKEEPING}
    return {name: type for name, type in types.items() if name not in left_out}


def _sides(table: LakeTable, rows: DataFrame, types: dict[str, DataType], name: str) -> DataFrame:
    """Key and the other columns as texts: by way of one type, for 1.5 and 1.50 are two texts."""
    values = [
        (F.col(quoted(c)).cast(type) if c in rows.columns else F.lit(None)).cast("string").alias(c)
        for c, type in types.items()
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
