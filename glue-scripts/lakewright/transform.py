"""Runs a table's silver SQL: one raw row in, one silver row out."""

from __future__ import annotations

import re
from uuid import uuid4

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructField, StructType

from lakewright.columns import empty_frame, quoted, spark_type
from lakewright.errors import UserError, first_line
from lakewright.manifest import Table

CARRIED = "_lw"
"""Column that the SQL does not know and that comes through beside its own."""
_COMMENT = r"--[^\n]*|/\*.*?\*/"


def silver_rows(table: Table, rows: DataFrame) -> DataFrame:
    """The silver SQL over rows that have the source columns and `_lw`; `_lw` is carried through.

    UserError where the SQL does not end with `FROM <table>` or Spark cannot analyse it.
    """
    view = f"silver_input_{uuid4().hex}"
    rows.createTempView(view)
    try:
        return rows.sparkSession.sql(_over(table, view))
    except AnalysisException as error:
        raise UserError(f"silver SQL of {table.name}: {first_line(error)}") from error
    finally:
        rows.sparkSession.catalog.dropTempView(view)


def silver_columns(spark: SparkSession, table: Table) -> StructType:
    """The columns that the silver SQL gives for the declared columns, by Spark's analyzer."""
    source = StructType([StructField(c.name, spark_type(c.type)) for c in table.source_columns])
    rows = empty_frame(spark, source).withColumn(CARRIED, F.lit(None))
    return silver_rows(table, rows).drop(CARRIED).schema


def _over(table: Table, view: str) -> str:
    """The SQL reading the view under the table's name, with `_lw` beside its columns."""
    name = re.escape(table.name)
    end = re.compile(rf"\bFROM\s+`?{name}`?(?:\s|;|{_COMMENT})*$", re.IGNORECASE | re.DOTALL)
    found = end.search(table.sql)
    if not found:
        raise UserError(
            f"silver SQL of {table.name} must end with FROM {table.name};"
            " it reads one row of that table and gives one row"
        )
    select = table.sql[: found.start()]
    return f"{select}\n, {CARRIED} FROM {view} AS {quoted(table.name)}"
