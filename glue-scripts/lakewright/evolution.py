"""Which types a column may become, and how a table's columns follow a batch's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import (
    AtomicType,
    ByteType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    ShortType,
    StringType,
    StructType,
)

from lakewright.columns import nullable, quoted, spark_type
from lakewright.errors import UserError

_INTEGERS: list[type[DataType]] = [ByteType, ShortType, IntegerType, LongType]
_DIGITS: dict[type[DataType], int] = {ByteType: 3, ShortType: 5, IntegerType: 10, LongType: 19}


def wider(one: DataType, other: DataType) -> DataType | None:
    """The type that holds every value of both without loss; None where there is none.

    Text holds every plain type, but only where one of the two is text already.
    """
    one, other = nullable(one), nullable(other)
    if one == other:
        return one
    if type(one) in _DIGITS and type(other) in _DIGITS:
        return one if _INTEGERS.index(type(one)) > _INTEGERS.index(type(other)) else other
    if isinstance(one, DecimalType) or isinstance(other, DecimalType):
        decimals = [_as_decimal(type_) for type_ in (one, other)]
        if decimals[0] and decimals[1]:
            return _wider_decimal(decimals[0], decimals[1])
    if {type(one), type(other)} == {FloatType, DoubleType}:
        return DoubleType()
    if isinstance(one, StringType) and isinstance(other, AtomicType):
        return one
    return None


def follow(stored: StructType, batch: StructType, table: str) -> StructType:
    """The columns that hold both what is stored and what comes; bookkeeping columns stay last.

    UserError where a column's type became one that the stored type cannot widen to.
    """
    incoming = {field.name: field.dataType for field in batch.fields}
    result = StructType()
    for field in stored.fields:
        joined: DataType | None = field.dataType
        if field.name in incoming:
            joined = wider(field.dataType, incoming[field.name])
        if joined is None:
            raise UserError(
                f"{table}: column {field.name} came out as"
                f" {incoming[field.name].simpleString()}, the table has it as"
                f" {field.dataType.simpleString()}, which cannot become the other; change the"
                " table's SQL or reload the table"
            )
        result.add(field.name, joined)
    for field in batch.fields:
        if field.name not in stored.fieldNames():
            result.add(field.name, nullable(field.dataType))
    return result


def as_wide(columns: StructType, types: Mapping[str, str]) -> StructType:
    """The columns, each in the type that holds the given one's values too where there is such."""
    result = StructType()
    for field in columns.fields:
        given = spark_type(types[field.name]) if field.name in types else field.dataType
        result.add(field.name, wider(field.dataType, given) or field.dataType)
    return result


def needs_rewrite(stored: StructType, wanted: StructType) -> bool:
    """Whether a stored column must change its type: formats add columns, but don't retype them."""
    types = {field.name: nullable(field.dataType) for field in wanted.fields}
    return any(nullable(field.dataType) != types[field.name] for field in stored.fields)


def conform(rows: DataFrame, wanted: StructType) -> DataFrame:
    """The rows with exactly these columns and types; missing ones are null."""
    return rows.select(_conforming(rows.schema, wanted))


@lru_cache(maxsize=256)
def _conforming(present: StructType, wanted: StructType) -> list[Column]:
    types = {field.name: field.dataType for field in present.fields}
    columns = []
    for field in wanted.fields:
        column = F.col(quoted(field.name)) if field.name in types else F.lit(None)
        if types.get(field.name) != field.dataType:
            column = column.cast(field.dataType.simpleString()).alias(field.name)
        columns.append(column)
    return columns


def _as_decimal(type_: DataType) -> DecimalType | None:
    if isinstance(type_, DecimalType):
        return type_
    digits = _DIGITS.get(type(type_))
    return DecimalType(digits, 0) if digits else None


def _wider_decimal(one: DecimalType, other: DecimalType) -> DecimalType | None:
    scale = max(one.scale, other.scale)
    precision = max(one.precision - one.scale, other.precision - other.scale) + scale
    return DecimalType(precision, scale) if precision <= 38 else None
