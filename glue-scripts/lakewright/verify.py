"""Compares silver and quarantine with a snapshot of the source, row by row, in the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, MapType, StructType

from lakewright.bookkeeping import DELETED, ORDER
from lakewright.columns import quoted, spark_type
from lakewright.companion import QUARANTINED, STATE
from lakewright.context import LakeContext
from lakewright.errors import UserError
from lakewright.file_order import is_of_file
from lakewright.manifest import Table
from lakewright.rules import broken_rules
from lakewright.storage import Storage
from lakewright.transform import CARRIED, silver_rows

MAX_KEYS = 20
"""Keys named for each kind of difference; their number is exact."""
_MISSING, _EXTRA, _DIFFERENT = "missing", "extra", "different"

Progress = Callable[[dict[str, Any]], None]


def verify(
    context: LakeContext,
    snapshot: str,
    tables: Sequence[str] | None,
    progress: Progress,
) -> list[dict[str, Any]]:
    """Per table, whether silver and quarantine are what silver SQL and rules make of the snapshot.
    Rows of dropped files are counted and otherwise left out: the source knows nothing of them.

    `snapshot` is a folder in bronze's form: `<schema>/<table>/*.parquet`. UserError where the
    snapshot of a table is not there.
    """
    results = []
    for table in context.manifest.tables:
        if tables and table.name not in tables:
            continue
        result = _verify_table(context, table, f"{snapshot}/{table.source_schema}")
        progress({"table": table.name, "ok": result["ok"]})
        results.append(result)
    return results


def _verify_table(context: LakeContext, table: Table, folder: str) -> dict[str, Any]:
    location = f"{folder}/{table.source_table}"
    if not Storage(context.spark).exists(location):
        raise UserError(f"the snapshot has no {location}; expected the table's rows as Parquet")
    if not context.silver(table.name).exists():
        raise UserError(f"silver.{table.name} does not exist yet; a run of the lake makes it")
    judged = _judge(table, context.spark.read.parquet(location)).persist()
    stored = context.silver(table.name).read()
    if DELETED in stored.columns:
        stored = stored.where(f"NOT coalesce({DELETED}, false)")
    companion = context.quarantine(table.name).read().where(F.col(STATE) == QUARANTINED)
    compared = judged
    from_files = stored.where(is_of_file(F.col(ORDER))) if table.files is not None else None
    if from_files is not None:
        compared = _left_to_the_database(table, judged, from_files, companion)
        stored, companion = (_of_the_database(rows) for rows in (stored, companion))
    try:
        expected = compared.where("NOT broken").select("row.*")
        wrong = compared.where("broken").select("row.*").select(*map(quoted, table.key))
        rows = _compare(table, expected, stored)
        held = _compare(table, wrong, companion.select(*map(quoted, table.key)))
    finally:
        judged.unpersist()
    return {
        "table": table.name,
        "expected": rows["expected"],
        "actual": rows["actual"],
        "from_files": from_files.count() if from_files is not None else 0,
        "quarantined_expected": held["expected"],
        "quarantined_actual": held["actual"],
        **{kind: rows[kind] for kind in (_MISSING, _EXTRA, _DIFFERENT)},
        "quarantine_missing": held[_MISSING],
        "quarantine_extra": held[_EXTRA],
        "differences": rows["differences"] + held["differences"],
        "ok": rows["differences"] + held["differences"] == 0,
    }


def _of_the_database(rows: DataFrame) -> DataFrame:
    return rows.where(~is_of_file(F.col(ORDER)))


def _left_to_the_database(
    table: Table, judged: DataFrame, from_files: DataFrame, companion: DataFrame
) -> DataFrame:
    """The judged rows whose keys files do not have where files stand above the database."""
    if table.files is None or table.files.precedence == "database":
        return judged
    key = [F.col(quoted(name)) for name in table.key]
    held = companion.where(is_of_file(F.col(ORDER))).select(*key)
    taken = from_files.select(*key).union(held)
    same = reduce(
        and_, (F.col(f"row.{quoted(n)}") == F.col(f"taken.{quoted(n)}") for n in table.key)
    )
    return judged.join(taken.alias("taken"), same, "left_anti")


def _judge(table: Table, raw: DataFrame) -> DataFrame:
    """Each raw row as a silver row, and whether it breaks a rule."""
    source = raw.select(
        [
            (F.col(quoted(column.name)) if column.name in raw.columns else F.lit(None))
            .cast(spark_type(column.type))
            .alias(column.name)
            for column in table.source_columns
        ]
    ).withColumn(CARRIED, F.lit(None))
    rows = silver_rows(table, source).drop(CARRIED)
    return rows.select(
        F.struct(*(F.col(quoted(name)) for name in rows.columns)).alias("row"),
        (F.size(broken_rules(table.rules)) > 0).alias("broken"),
    )


def _compare(table: Table, expected: DataFrame, stored: DataFrame) -> dict[str, Any]:
    """Rows of both sides and the keys by which they differ, over the expected columns."""
    columns = expected.columns
    key = [F.col(quoted(name)) for name in table.key]

    # A stored column may be wider than the SQL gives it now; a checksum depends on the type.
    types = {f.name: f.dataType for f in [*expected.schema.fields, *stored.schema.fields]}

    def side(rows: DataFrame, name: str) -> DataFrame:
        values = {
            column: F.col(quoted(column)) if column in rows.columns else F.lit(None)
            for column in columns
        }
        hashes = F.struct(
            *(
                checksum(value.cast(types[column]), types[column]).alias(column)
                for column, value in values.items()
            )
        )
        return rows.select(*key, hashes.alias(name))

    joined = (
        side(expected, "want")
        .join(side(stored, "have"), list(table.key), "full_outer")
        .withColumn(
            "kind",
            F.when(F.col("have").isNull(), _MISSING)
            .when(F.col("want").isNull(), _EXTRA)
            .when(~F.col("want").eqNullSafe(F.col("have")), _DIFFERENT),
        )
        .persist()
    )
    try:
        counts = joined.agg(
            F.count("want").alias("expected"),
            F.count("have").alias("actual"),
            F.count("kind").alias("differences"),
        ).first()
        assert counts is not None, "an aggregate without groups has one row"
        result: dict[str, Any] = counts.asDict()
        for kind in (_MISSING, _EXTRA, _DIFFERENT):
            found = joined.where(F.col("kind") == kind) if result["differences"] else None
            result[kind] = _keys(table, columns, kind, found) if found is not None else []
    finally:
        joined.unpersist()
    return result


def _keys(table: Table, columns: list[str], kind: str, found: DataFrame) -> list[Any]:
    key = [F.col(quoted(name)).cast("string").alias(f"key_{i}") for i, name in enumerate(table.key)]
    unequal = F.array_compact(
        F.array(
            *(
                F.when(~F.col("want")[name].eqNullSafe(F.col("have")[name]), F.lit(name))
                for name in columns
            )
        )
    )
    rows = found.orderBy(*(F.col(quoted(name)) for name in table.key)).limit(MAX_KEYS)
    named = []
    for row in rows.select(*key, unequal.alias("columns")).collect():
        values = [row[f"key_{i}"] for i in range(len(table.key))]
        name = values[0] if len(values) == 1 else ", ".join(map(str, values))
        named.append({"key": name, "columns": row["columns"]} if kind == _DIFFERENT else name)
    return named


def checksum(value: Column, type: DataType) -> Column:
    """A checksum that tells null from every value, also inside arrays, structs and maps."""
    plain = value
    if isinstance(type, (ArrayType, StructType, MapType)):
        plain = F.to_json(value, {"ignoreNullFields": "false"})
    return F.when(value.isNotNull(), F.xxhash64(plain))
