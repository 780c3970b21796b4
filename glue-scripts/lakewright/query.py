"""SQL of the user's over the lake's relations, now or as of a time; it only ever reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    BinaryType,
    DataType,
    DecimalType,
    MapType,
    StructType,
    TimestampType,
)

from lakewright.bronze import BronzeTable, as_written, list_epochs
from lakewright.context import LakeContext
from lakewright.csv_files import is_csv
from lakewright.errors import UserError, first_line
from lakewright.manifest import Table
from lakewright.model_sql import bind, relations
from lakewright.ops import Ops
from lakewright.relations import all_relations
from lakewright.table import LakeTable

_FORBIDDEN = (
    "org.apache.spark.sql.catalyst.plans.logical.Command",
    "org.apache.spark.sql.catalyst.plans.logical.ParsedStatement",
)
_TIMESTAMP = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'"


@dataclass(frozen=True)
class Query:
    """Reads one lake."""

    context: LakeContext
    ops: Ops

    def run(self, sql: str, at: str | None = None, limit: int = 1000) -> dict[str, Any]:
        """The result's columns and up to `limit` rows; `truncated` tells whether there are more.

        `at` (ISO 8601, UTC without an offset) reads every table as of its newest commit then.
        UserError for SQL that is wrong or no query, an unknown relation, a time without history.
        """
        self._refuse_writes(sql)
        moment = _moment(at) if at else None
        views: dict[str, str] = {}
        for relation in relations(sql):
            views[relation] = f"query_{uuid4().hex}"
            self._read(relation, moment).createOrReplaceTempView(views[relation])
        try:
            found = self.context.spark.sql(bind(sql, views))
            rows = _as_json(found).limit(limit + 1).collect()
        except PySparkException as error:
            raise UserError(f"the query failed: {first_line(error)}") from error
        finally:
            for view in views.values():
                self.context.spark.catalog.dropTempView(view)
        columns = [
            {"name": field.name, "type": field.dataType.simpleString()}
            for field in found.schema.fields
        ]
        values = [
            [_value(v, f.dataType) for v, f in zip(row, found.schema, strict=True)]
            for row in rows[:limit]
        ]
        return {"columns": columns, "rows": values, "truncated": len(rows) > limit}

    def table(self, relation: str) -> LakeTable:
        """The table of `silver.x`, `quarantine.x`, `gold.x` or `ops.x`; UserError if unknown."""
        layer, _, name = relation.partition(".")
        every = all_relations(self.context, self.ops)
        tables = {found.name: found.table for found in every if found.layer == layer}
        if name not in tables:
            known = (
                f"it has {', '.join(tables)}" if tables else "expected silver.<table> or the like"
            )
            raise UserError(f"there is no {relation}; {known}")
        table = tables[name]
        if layer != "ops" and not table.exists():
            raise UserError(f"{relation} does not exist yet: run the step `initialise`")
        return table

    def _read(self, relation: str, at: datetime | None) -> DataFrame:
        if relation.startswith("bronze."):
            return self._bronze(relation.removeprefix("bronze."), at)
        table = self.table(relation)
        if at is None:
            return table.read()
        return table.read(version_at(table, relation, at))

    def _bronze(self, name: str, at: datetime | None) -> DataFrame:
        """Raw rows of all epochs: loads and changes, in the columns that replication wrote."""
        try:
            table = self.context.manifest.table(name)
        except KeyError as error:
            raise UserError(str(error.args[0])) from error
        folder = f"{self.context.locations.bronze}/*/{table.source_schema}/{table.source_table}"
        reader = self.context.spark.read.option("recursiveFileLookup", True)
        reader = reader.option("pathGlobFilter", "*.parquet").option("mergeSchema", True)
        csv = self._csv(table)
        try:
            rows = reader.parquet(folder)
            rows = rows.unionByName(csv, allowMissingColumns=True) if csv else rows
        except PySparkException as error:
            if csv is None:
                raise UserError(f"bronze.{name} has no files yet under {folder}") from error
            rows = csv
        return (
            rows
            if at is None
            else rows.where(F.col("dms_timestamp") <= f"{at:%Y-%m-%d %H:%M:%S.%f}")
        )

    def _csv(self, table: Table) -> DataFrame | None:
        """The raw rows of its CSV files; None without any."""
        context = self.context
        root = context.locations.bronze
        bronze = BronzeTable(context.storage, root, table.source_schema, table.source_table)
        paths = [
            f"{bronze.folder(epoch)}/{folder}/{name}"
            for epoch in list_epochs(context.storage, root)
            for folder, names in bronze.files(epoch).items()
            for name in names
            if is_csv(name)
        ]
        return as_written(context.spark, table, context.footers.read(paths)) if paths else None

    def _refuse_writes(self, sql: str) -> None:
        jvm: Any = self.context.spark.sparkContext._jvm
        session: Any = self.context.spark._jsparkSession
        try:
            plan = session.sessionState().sqlParser().parsePlan(sql)
        except PySparkException as error:
            raise UserError(f"the SQL cannot be parsed: {first_line(error)}") from error
        forbidden = [jvm.java.lang.Class.forName(name) for name in _FORBIDDEN]
        nodes = [plan]
        while nodes:
            node = nodes.pop()
            if any(kind.isInstance(node) for kind in forbidden):
                raise UserError(
                    f"only queries are allowed here, found {node.nodeName()}: start with SELECT, "
                    "WITH or VALUES; the lake's tables are written by the pipeline alone"
                )
            children = node.children()
            nodes += [children.apply(i) for i in range(children.size())]


def version_at(table: LakeTable, name: str, at: datetime) -> str:
    """The newest version committed at or before that time; UserError where there was none."""
    commits = table.commits() or []
    before = [commit for commit in commits if commit.at <= at]
    if not before:
        since = f"its history begins at {commits[0].at.isoformat()}" if commits else "it has none"
        raise UserError(f"{name} cannot be read as of {at.isoformat()}: {since}")
    return before[-1].version


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise UserError(
            f'"{text}" is no time; expected ISO 8601 as in 2026-01-31T12:00:00Z'
        ) from error
    return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _as_json(rows: DataFrame) -> DataFrame:
    """The rows with values that JSON keeps: exact numbers and times as text, in UTC."""
    numbered = rows.toDF(*(f"_{i}" for i in range(len(rows.columns))))
    return numbered.select([_json_column(f.name, f.dataType) for f in numbered.schema.fields])


def _json_column(name: str, type: DataType) -> Column:
    column = F.col(name)
    if isinstance(type, (StructType, ArrayType, MapType)):
        return F.to_json(column, {"timestampFormat": _TIMESTAMP})
    if isinstance(type, TimestampType):
        return F.date_format(column, _TIMESTAMP)
    if isinstance(type, BinaryType):
        return F.hex(column)
    if isinstance(type, DecimalType) or type.simpleString() in ("date", "void"):
        return column.cast("string")
    if type.simpleString() in ("float", "double"):
        finite = ~F.isnan(column) & (F.abs(column) != float("inf"))
        return F.when(finite, column)
    return column


def _value(value: Any, type: DataType) -> Any:
    if isinstance(value, str) and isinstance(type, (StructType, ArrayType, MapType)):
        return json.loads(value)
    return value
