"""Compiles a lake's SQL by Spark's analyzer over empty views of the declared types: no data."""

from __future__ import annotations

from datetime import date
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructField, StructType

from lakewright.bookkeeping import with_bookkeeping
from lakewright.changes import IMAGE
from lakewright.columns import empty_frame, spark_type
from lakewright.errors import UserError, first_line
from lakewright.manifest import Column, Manifest, Model, Table
from lakewright.model_sql import bind, relations, touched_sql, with_changes

_PREFIX = "compile__"
_CHANGES = f"{_PREFIX}changes"


def compile_lake(spark: SparkSession, manifest: Manifest) -> dict[str, Any]:
    """The columns of every table and model. UserError names every mistake with its file."""
    compiler = _Compiler(spark, manifest)
    try:
        tables = {table.name: compiler.table(table) for table in manifest.tables}
        models = {model.name: compiler.model(model) for model in manifest.models}
    finally:
        compiler.close()
    if compiler.problems:
        listing = "\n".join(f"  {problem}" for problem in compiler.problems)
        count = len(compiler.problems)
        raise UserError(f"the SQL of lake {manifest.lake} has {count} mistake(s):\n{listing}")
    return {"tables": tables, "models": models}


class _Compiler:
    def __init__(self, spark: SparkSession, manifest: Manifest) -> None:
        self.problems: list[str] = []
        self._spark = spark
        self._manifest = manifest
        self._views: set[str] = set()
        self._known: dict[str, DataFrame] = {}

    def table(self, table: Table) -> list[dict[str, str]]:
        """The silver table's columns; what is wrong goes to `problems`."""
        path = f"sql/{self._manifest.lake}/silver/{table.name}.sql"
        self._view(table.name, _empty(self._spark, table.source_columns))
        rows = self._query(table.sql, {}, path)
        if rows is None:
            return []
        stored = with_bookkeeping(rows.schema, table)
        self._known[f"silver.{table.name}"] = empty_frame(self._spark, stored)
        named = [("key", table.key), ("partitionBy", table.partition_by)]
        self._expect(rows, f"tables.{table.name}", named, table.tenant_column)
        for rule in table.rules:
            self._condition(rows, rule.check, f"tables.{table.name}.rules.{rule.name}")
        return self._columns(rows, path)

    def model(self, model: Model) -> list[dict[str, str]]:
        """The model's columns; what is wrong goes to `problems`."""
        path = f"sql/{self._manifest.lake}/gold/{model.name}.sql"
        parameters = {"today": date(2000, 1, 1)} if model.uses_today else {}
        rows = self._query(model.sql, parameters, path)
        if rows is None:
            return []
        self._known[f"gold.{model.name}"] = rows
        named = [
            ("grain", model.grain),
            ("refreshBy", model.refresh_by),
            ("partitionBy", model.partition_by),
        ]
        self._expect(rows, f"models.{model.name}", named, model.tenant_column)
        if model.refresh_by:
            for source in model.inputs:
                self._touched(model, source, rows, parameters)
        return self._columns(rows, path)

    def close(self) -> None:
        for view in self._views:
            self._spark.catalog.dropTempView(view)

    def _touched(
        self, model: Model, source: str, rows: DataFrame, parameters: dict[str, Any]
    ) -> None:
        if source not in self._known:
            return
        self._view(_CHANGES, self._known[source].selectExpr("*", f"'' AS {IMAGE}"))
        path = f'models.{model.name}.touched["{source}"]'
        groups = self._query(with_changes(touched_sql(model, source), _CHANGES), parameters, path)
        if groups is None:
            return
        types = {field.name: field.dataType.simpleString() for field in groups.schema.fields}
        for column in model.refresh_by:
            if column not in types:
                found = ", ".join(types)
                self.problems.append(f'{path}: gives no "{column}" of refreshBy; found {found}')
            elif column in rows.columns:
                wanted = rows.schema[column].dataType.simpleString()
                if not _comparable(types[column], wanted):
                    self.problems.append(
                        f'{path}: "{column}" is {types[column]}, the model\'s is {wanted}'
                    )

    def _query(self, sql: str, parameters: dict[str, Any], path: str) -> DataFrame | None:
        views: dict[str, str] = {}
        for relation in relations(sql):
            rows = self._known.get(relation)
            if rows is None:
                if relation.split(".")[1] not in self._names():
                    self.problems.append(f"{path}: {relation} does not exist")
                return None
            views[relation] = f"{_PREFIX}{relation.replace('.', '__')}"
            self._view(views[relation], rows)
        try:
            return self._spark.sql(bind(sql, views), args=parameters)
        except PySparkException as error:
            self.problems.append(f"{path}: {first_line(error)}")
            return None

    def _names(self) -> set[str]:
        manifest = self._manifest
        return {table.name for table in manifest.tables} | {m.name for m in manifest.models}

    def _condition(self, rows: DataFrame, check: str, path: str) -> None:
        try:
            rows.where(check)
        except PySparkException as error:
            self.problems.append(f"{path}: {first_line(error)}")

    def _expect(
        self,
        rows: DataFrame,
        path: str,
        named: list[tuple[str, list[str]]],
        tenant_column: str | None,
    ) -> None:
        """Columns that the definition names must be in the result."""
        if tenant_column is not None:
            named = [*named, ("tenantColumn", [tenant_column])]
        for setting, columns in named:
            for column in columns:
                if column not in rows.columns:
                    found = ", ".join(rows.columns)
                    self.problems.append(
                        f'{path}.{setting}: "{column}" is no column of the result; found {found}'
                    )

    def _columns(self, rows: DataFrame, path: str) -> list[dict[str, str]]:
        seen: set[str] = set()
        for field in rows.schema.fields:
            type = field.dataType.simpleString()
            if field.name.lower() in seen:
                self.problems.append(f'{path}: two columns are called "{field.name}"')
            seen.add(field.name.lower())
            if "void" in type or "interval" in type:
                self.problems.append(
                    f'{path}: column "{field.name}" is {type}, which tables cannot store: CAST it'
                )
        return [{"name": f.name, "type": f.dataType.simpleString()} for f in rows.schema.fields]

    def _view(self, name: str, rows: DataFrame) -> None:
        self._views.add(name)
        rows.createOrReplaceTempView(name)


def _empty(spark: SparkSession, columns: list[Column]) -> DataFrame:
    fields = [StructField(column.name, spark_type(column.type)) for column in columns]
    return empty_frame(spark, StructType(fields))


def _comparable(one: str, other: str) -> bool:
    """Whether values of one type stay what they are in the other."""
    whole = ("tinyint", "smallint", "int", "bigint")
    if one in whole and other in whole:
        return True
    return one == other or (one.startswith("decimal") and other.startswith("decimal"))
