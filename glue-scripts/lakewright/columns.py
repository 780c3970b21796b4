"""Columns and types: what writing to a table format asks of a DataFrame's schema."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache, reduce
from operator import or_

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    DataType,
    MapType,
    StructField,
    StructType,
    _parse_datatype_string,
)

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_OURS = ("_lw", "_hoodie")
_LONGEST_NAME = 200


def column_name(given: str) -> str:
    """The name that a column has in tables, whatever it is called where it comes from
    (model/bronze-columns.ts has the same).

    Lower case, `_` for what stands in no name, no accents, `u540d` for a letter that is not Latin:
    Avro, by which Hudi writes, takes nothing else. Empty where nothing is left.
    """
    name = given.strip().lower()
    if not _PLAIN.fullmatch(name):
        letters = (
            c for c in unicodedata.normalize("NFKD", name) if unicodedata.category(c)[0] != "M"
        )
        spelt = "".join(c if c.isascii() else f"u{ord(c):04x}" for c in letters)
        name = re.sub(r"[^a-z0-9_]+", "_", spelt).strip("_")
        name = f"_{name}" if name[:1].isdigit() else name
    return (name.lstrip("_") if name.startswith(_OURS) else name)[:_LONGEST_NAME]


def nullable(type: DataType) -> DataType:
    """The type with every nested part nullable.

    Expressions differ in nullability from batch to batch; a table's schema must not.
    """
    if isinstance(type, ArrayType):
        return ArrayType(nullable(type.elementType), True)
    if isinstance(type, MapType):
        return MapType(nullable(type.keyType), nullable(type.valueType), True)
    if isinstance(type, StructType):
        return StructType([StructField(f.name, nullable(f.dataType), True) for f in type.fields])
    return type


def as_nullable(rows: DataFrame) -> DataFrame:
    """The rows with every column and nested part nullable."""
    return rows.select(_nullable_columns(rows.schema))


@lru_cache(maxsize=256)
def _nullable_columns(schema: StructType) -> list[Column]:
    return [
        F.when(F.lit(True), F.col(quoted(field.name)).cast(nullable(field.dataType))).alias(
            field.name
        )
        for field in schema.fields
    ]


def empty_frame(spark: SparkSession, schema: StructType) -> DataFrame:
    """No rows of that schema. Made by the JVM: reading rows of Python's own starts its workers."""
    session, gateway = spark._jsparkSession, spark.sparkContext._gateway
    assert gateway is not None
    none = gateway.jvm.java.util.ArrayList()
    made = session.createDataFrame(none, session.parseDataType(schema.json()))
    return DataFrame(made, spark)


def quoted(name: str) -> str:
    """The name as SQL and column expressions take it literally."""
    return "`" + name.replace("`", "``") + "`"


@lru_cache(maxsize=256)
def spark_type(text: str) -> DataType:
    """The type that a Spark SQL type name (`decimal(12,2)`) means."""
    return _parse_datatype_string(text)


def messages(cases: Sequence[tuple[Column, Column]]) -> Column:
    """The messages whose condition is true, as an array in their order.

    Spark interprets what makes the array, conditions and all: only rows that have a message get
    that far.
    """
    if not cases:
        return F.array().cast("array<string>")
    some = reduce(or_, (F.coalesce(condition, F.lit(False)) for condition, _ in cases))
    told = F.array_compact(F.array(*(F.when(condition, message) for condition, message in cases)))
    return F.when(some, told).otherwise(F.array().cast("array<string>"))


def to_local(rows: DataFrame, session: SparkSession | None = None) -> DataFrame:
    """The rows collected into the plan itself: later queries over them run without Spark jobs.

    `session`: in which they are then; their own by default.
    For small batches only; values stay in the JVM, so every type survives exactly.
    """
    session = session or rows.sparkSession
    collected = session._jsparkSession.createDataFrame(
        rows._jdf.collectAsList(), rows._jdf.schema()
    )
    return DataFrame(collected, session)
