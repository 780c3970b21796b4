"""Truncations of source tables, which reach bronze as rows of a control table."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lakewright import bookkeeping
from lakewright.bronze import SEQUENCE, BronzeTable
from lakewright.csv_files import CsvFiles, is_csv, read_csv, text_columns
from lakewright.file_order import is_of_file
from lakewright.manifest import Control, Table
from lakewright.storage import Storage


class Truncations:
    """The control table of truncations; remembers the files read, for bronze never changes.

    A truncation is recorded in the epoch of the table that it emptied. Thread safe.
    """

    def __init__(self, spark: SparkSession, bronze_root: str, control: Control) -> None:
        self._spark = spark
        storage = Storage(spark)
        self._bronze = BronzeTable(storage, bronze_root, control.schema, control.truncations)
        self._csv = CsvFiles(spark, storage)
        self._read: dict[str, list[tuple[str, str, str]]] = {}
        self._lock = Lock()

    def newest(
        self, table: Table, epoch: str, left_out: Sequence[tuple[str, str]] = ()
    ) -> str | None:
        """Order of the table's newest truncation in the epoch; None without any.

        `left_out`: ranges of orders, above the first and up to the second, that do not count.
        """
        with self._lock:
            records = [
                record
                for folder, names in self._bronze.files(epoch).items()
                for name in names
                for record in self._records(f"{self._bronze.folder(epoch)}/{folder}/{name}")
            ]
        wanted = (table.source_schema, table.source_table)
        sequences = [sequence for *emptied, sequence in records if tuple(emptied) == wanted]
        orders = [f"{epoch}:{sequence}" for sequence in sequences]
        counted = [o for o in orders if not any(above < o <= to for above, to in left_out)]
        return max(counted, default=None)

    def _records(self, path: str) -> list[tuple[str, str, str]]:
        """Schema, table and sequence of each truncation in a file; the full load's have none."""
        if path not in self._read:
            if is_csv(path):
                rows = read_csv(self._spark, [path], text_columns(self._csv.describe(path)[0]))
            else:
                rows = self._spark.read.parquet(path)
            found = []
            if SEQUENCE in rows.columns:
                wanted = rows.where(F.col("Op") == "I").where(F.col(SEQUENCE) != "")
                found = wanted.select("table_schema", "table_name", SEQUENCE).collect()
            self._read[path] = [(row[0], row[1], row[2]) for row in found]
        return self._read[path]


def after_truncation(table: Table, rows: DataFrame, truncated_at: str | None) -> DataFrame:
    """The rows after a truncation: older ones are gone, or marked where deletes are soft."""
    if table.deletes == "hard":
        return not_before(rows, truncated_at)
    gone = ~_stays(truncated_at)
    return rows.withColumns(
        {
            bookkeeping.DELETED: gone | F.col(bookkeeping.DELETED),
            bookkeeping.ORDER: F.when(gone, F.lit(truncated_at)).otherwise(
                F.col(bookkeeping.ORDER)
            ),
        }
    )


def not_before(rows: DataFrame, truncated_at: str | None) -> DataFrame:
    """The rows whose newest change is not older than the truncation, and those of files."""
    return rows.where(_stays(truncated_at))


def floor_of(order: Column, truncated_at: str | None) -> Column:
    """The order below which a truncation leaves nothing: it empties the database's table alone."""
    return F.when(is_of_file(order), "").otherwise(truncated_at or "")


def _stays(truncated_at: str | None) -> Column:
    order = F.col(bookkeeping.ORDER)
    return order >= floor_of(order, truncated_at)
