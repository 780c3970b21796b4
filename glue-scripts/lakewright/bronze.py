"""Finds and reads the files that DMS (or the local stand-in) wrote for one source table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, reduce

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, StructField, StructType

from lakewright import csv_files
from lakewright.columns import column_name, empty_frame, quoted, spark_type
from lakewright.errors import UserError
from lakewright.evolution import wider
from lakewright.footers import BronzeFile
from lakewright.manifest import Table
from lakewright.storage import Storage

EPOCH = re.compile(r"^e\d{4,}$")
LOAD_COMPLETE = "_LOAD_COMPLETE"
OPERATION, COMMIT_TIME, SEQUENCE, BEFORE_IMAGE = "Op", "dms_timestamp", "dms_change_seq", "BI_"


@dataclass(frozen=True)
class BronzeTable:
    """The bronze folders of one source table, one in each epoch."""

    storage: Storage
    root: str
    schema: str
    table: str

    def folder(self, epoch: str) -> str:
        return f"{self.root}/{epoch}/{self.schema}/{self.table}"

    def is_loaded(self, epoch: str) -> bool:
        """Whether the epoch's full load is there, with the changes made during it."""
        return self.storage.exists(f"{self.folder(epoch)}/{LOAD_COMPLETE}")

    def files(self, epoch: str, since: str = "") -> dict[str, list[str]]:
        """Names of files by folder: `` for the load, `2026/11/21` for that day's changes.

        Date folders before `since` (of the same form) are left out, so that the cost does not
        grow with history.
        """
        found: dict[str, list[str]] = {}
        self._collect(self.folder(epoch), "", since, found)
        return found

    def _collect(self, root: str, folder: str, since: str, found: dict[str, list[str]]) -> None:
        for name in self.storage.list(f"{root}/{folder}" if folder else root):
            inner = f"{folder}/{name}" if folder else name
            if name.isdigit():
                if inner >= since[: len(inner)]:
                    self._collect(root, inner, since, found)
            elif name.endswith((".parquet", csv_files.SUFFIX)) and not name.startswith(("_", ".")):
                found.setdefault(folder, []).append(name)


def list_epochs(storage: Storage, root: str) -> list[str]:
    """All epochs under the bronze root, oldest first."""
    names = [name for name in storage.list(root) if EPOCH.match(name)]
    return sorted(names, key=lambda name: int(name[1:]))


def source_types(table: Table, files: Sequence[BronzeFile]) -> StructType:
    """The columns of a raw row: the declared ones, as wide as any file has them, then added ones.

    UserError where a file has a column in a type that the declared one cannot become.
    """
    files = [_typed(table, file) for file in files]
    result = StructType()
    declared = {column.name.lower() for column in table.source_columns}
    for column in table.source_columns:
        result.add(column.name, _widest(table, column.name, column.type, files))
    if table.evolution == "additive":
        own = declared | _bookkeeping(table)
        added: dict[str, str] = {}
        for file in files:
            for given in file.schema.fieldNames():
                name = column_name(given)
                if given.lower() in own or not name:
                    continue
                if name not in own and name not in added:
                    result.add(name, _widest(table, given, None, files))
                if name in own or added.setdefault(name, given).lower() != given.lower():
                    raise UserError(
                        f'{table.name}: column "{given}" in {file.path} would be {name} in the'
                        " lake, as another column is; rename one of them at the source"
                    )
    return result


def read_rows(
    spark: SparkSession,
    table: Table,
    files: Sequence[BronzeFile],
    columns: StructType,
    epoch: str,
) -> DataFrame:
    """All rows of an epoch's files: operation, commit time, order, key `before` and `raw` row.

    The order is `<epoch>:<change sequence>`; the full load has no sequence.
    """
    if not files:
        return _normalised(empty_frame(spark, columns), table, columns, epoch)
    groups: dict[str, list[BronzeFile]] = {}
    for file in (_typed(table, file) for file in files):
        form = csv_files.is_csv(file.path)
        groups.setdefault(f"{form} {file.schema.json()}", []).append(file)
    frames = [_read_group(spark, table, group, columns, epoch) for group in groups.values()]
    rows = frames[0]
    for frame in frames[1:]:
        rows = rows.unionByName(frame)
    return rows


def _read_group(
    spark: SparkSession,
    table: Table,
    files: Sequence[BronzeFile],
    columns: StructType,
    epoch: str,
) -> DataFrame:
    """Files with the same columns, read with exactly these: nothing is inferred or converted."""
    present = {name.lower() for name in files[0].schema.fieldNames()}
    missing = [name for name in table.key if name.lower() not in present]
    if missing:
        raise UserError(
            f"{table.name}: {files[0].path} has no key column {', '.join(missing)};"
            f" it has {', '.join(files[0].schema.fieldNames())}"
        )
    return _normalised(_rows(spark, files), table, columns, epoch)


def as_written(spark: SparkSession, table: Table, files: Sequence[BronzeFile]) -> DataFrame:
    """All rows of the files in the columns that replication wrote; what a file lacks is null."""
    frames = [_rows(spark, [_typed(table, file)]) for file in files]
    return reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), frames)


def _rows(spark: SparkSession, files: Sequence[BronzeFile]) -> DataFrame:
    """The rows of files of one form and with the same columns."""
    paths = [file.path for file in files]
    if csv_files.is_csv(paths[0]):
        return csv_files.read_csv(spark, paths, files[0].schema)
    return spark.read.schema(files[0].schema).parquet(*paths)


def _typed(table: Table, file: BronzeFile) -> BronzeFile:
    """A CSV file's columns in their declared types; what is not declared stays text."""
    if not csv_files.is_csv(file.path):
        return file
    types = {column.name.lower(): column.type for column in table.source_columns}
    types |= {f"{BEFORE_IMAGE}{name}".lower(): types[name.lower()] for name in table.key}
    names = file.schema.fieldNames()
    columns = [StructField(n, spark_type(types.get(n.lower(), "string"))) for n in names]
    return replace(file, schema=StructType(columns))


def _normalised(rows: DataFrame, table: Table, columns: StructType, epoch: str) -> DataFrame:
    return rows.select(_normalising(tuple(rows.columns), tuple(table.key), columns, epoch))


@lru_cache(maxsize=256)
def _normalising(
    names: tuple[str, ...], key: tuple[str, ...], columns: StructType, epoch: str
) -> list[Column]:
    present = {column_name(name): name for name in names} | {name.lower(): name for name in names}

    def column(name: str, type: str) -> Column:
        found = present.get(name.lower())
        return (F.lit(None) if found is None else F.col(quoted(found))).cast(type)

    raw = F.struct(
        *(column(f.name, f.dataType.simpleString()).alias(f.name) for f in columns.fields)
    )
    before = F.struct(
        *(
            column(f"{BEFORE_IMAGE}{name}", columns[name].dataType.simpleString()).alias(name)
            for name in key
        )
    )
    operation = column(OPERATION, "string") if OPERATION.lower() in present else F.lit("I")
    return [
        operation.alias("operation"),
        column(COMMIT_TIME, "timestamp").alias("committed_at"),
        F.concat(F.lit(f"{epoch}:"), F.coalesce(column(SEQUENCE, "string"), F.lit(""))).alias(
            "order"
        ),
        before.alias("before"),
        raw.alias("raw"),
    ]


def _bookkeeping(table: Table) -> set[str]:
    names = [OPERATION, COMMIT_TIME, SEQUENCE, *(f"{BEFORE_IMAGE}{name}" for name in table.key)]
    return {name.lower() for name in names}


def _widest(table: Table, name: str, declared: str | None, files: Sequence[BronzeFile]) -> DataType:
    widest = spark_type(declared) if declared is not None else None
    for file in files:
        for field in file.schema.fields:
            if field.name.lower() != name.lower():
                continue
            joined = field.dataType if widest is None else wider(widest, field.dataType)
            if joined is None:
                assert widest is not None
                raise UserError(
                    f"{table.name}: column {name} in {file.path} is"
                    f" {field.dataType.simpleString()}, expected {widest.simpleString()} or a type"
                    " that one of them widens to; change the column's type in the lake's"
                    " definition and reload the table"
                )
            widest = joined
    assert widest is not None
    return widest
