"""A lake's SQL on small data: views over literal rows in place of tables."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakewright.manifest import Column, Manifest, Table, parse_manifest

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 7, 15)
Row = dict[str, Any]
"""A row by column name: plain Python values, timestamps as text in UTC."""


def view_name(relation: str) -> str:
    """`silver.core_order` as the view that stands for it."""
    return relation.replace(".", "__")


def run_sql(spark: SparkSession, sql: str, today: date = TODAY) -> DataFrame:
    """SQL of the lake over the views that stand for its tables."""
    views = re.sub(r"\b(silver|gold)\.([a-z_]+)", r"\1__\2", sql)
    return spark.sql(views, args={"today": today})


def rows_of(frame: DataFrame) -> list[Row]:
    """The rows, with timestamps as text: collected ones are in the machine's own time zone."""
    columns = [
        F.col(f"`{name}`").cast("string" if type_ == "timestamp" else type_).alias(name)
        for name, type_ in frame.dtypes
    ]
    return [row.asDict() for row in frame.select(columns).collect()]


def columns_of(frame: DataFrame) -> list[Column]:
    return [Column(name, type_) for name, type_ in frame.dtypes]


def literal_frame(
    spark: SparkSession, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]
) -> DataFrame:
    """Rows (missing columns are null) as a DataFrame that lives in the plan: no job to read it."""
    values = [f"({', '.join(_literal(row.get(c.name)) for c in columns)})" for row in rows]
    names = ", ".join(f"`{column.name}`" for column in columns)
    typed = ", ".join(f"CAST(`{c.name}` AS {c.type}) AS `{c.name}`" for c in columns)
    if not values:
        nulls = ", ".join(f"CAST(NULL AS {c.type}) AS `{c.name}`" for c in columns)
        return spark.sql(f"SELECT {nulls} WHERE false")
    return spark.sql(f"SELECT {typed} FROM VALUES {', '.join(values)} AS rows({names})")


def silver_frame(
    spark: SparkSession, table: Table, raw: Iterable[Mapping[str, Any]], broken: bool = False
) -> DataFrame:
    """Silver of a table: its SQL over raw rows that keep its rules, or over those that do not."""
    literal_frame(spark, table.source_columns, raw).createOrReplaceTempView(table.name)
    checks = " AND ".join(f"coalesce({rule.check}, false)" for rule in table.rules) or "true"
    return spark.sql(table.sql).where(f"NOT ({checks})" if broken else checks)


def values(rows: Iterable[Row], columns: str) -> list[tuple[Any, ...]]:
    """The columns (names with spaces between) of the rows, sorted; decimals and dates as text."""
    names = columns.split()
    picked = [tuple(_plain(row[name]) for name in names) for row in rows]
    return sorted(picked, key=lambda row: [(value is not None, value) for value in row])


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, list):
        return f"array({', '.join(_literal(item) for item in value)})"
    if isinstance(value, str | Decimal | date):
        text = str(value).replace("\\", "\\\\").replace("'", "\\'")
        return f"'{text}'"
    raise TypeError(f"no SQL literal for {value!r}")


@dataclass(frozen=True)
class LakeSql:
    """A lake of this checkout: its silver and its models, each by way of what it reads."""

    name: str

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest as lakes/load.ts derives it from the definition and the SQL."""
        program = (
            'const { loadLake } = require("./lakes/load");'
            f'process.stdout.write(JSON.stringify(loadLake("{self.name}").manifest));'
        )
        tsx = ROOT / "node_modules" / "tsx" / "dist" / "cli.mjs"
        command = ["node", str(tsx), "--eval", program]
        return parse_manifest(subprocess.check_output(command, cwd=ROOT, text=True))

    def silver(
        self,
        spark: SparkSession,
        table: str,
        raw: Iterable[Mapping[str, Any]],
        broken: bool = False,
    ) -> list[Row]:
        """The table's silver rows of these raw ones: those that keep its rules, or the others."""
        return rows_of(silver_frame(spark, self.manifest.table(table), raw, broken))

    def run_model(self, spark: SparkSession, name: str, today: date = TODAY) -> DataFrame:
        """A gold model over the views of its inputs."""
        return run_sql(spark, self.manifest.model(name).sql, today)

    def make_silver(self, spark: SparkSession, source: Mapping[str, Iterable[Row]]) -> None:
        """Views of every silver table from source rows."""
        for table in self.manifest.tables:
            frame = silver_frame(spark, table, source.get(table.name, []))
            frame.createOrReplaceTempView(view_name(f"silver.{table.name}"))

    def model_rows(
        self,
        spark: SparkSession,
        name: str,
        source: Mapping[str, Iterable[Row]],
        today: date = TODAY,
    ) -> list[Row]:
        """A gold model's rows from source rows, by way of silver and the models that it reads."""
        self.make_silver(spark, source)
        self._make_inputs(spark, name, today)
        return rows_of(self.run_model(spark, name, today))

    def _make_inputs(self, spark: SparkSession, name: str, today: date) -> None:
        for relation in self.manifest.model(name).inputs:
            layer, input_name = relation.split(".")
            if layer == "gold":
                self._make_inputs(spark, input_name, today)
                frame = self.run_model(spark, input_name, today)
                frame.createOrReplaceTempView(view_name(relation))
