"""What the footers of bronze files say, read in the driver: no Spark job, and exact counts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

from lakewright.csv_files import CsvFiles, is_csv, text_columns
from lakewright.errors import UserError, first_line
from lakewright.storage import Storage

READERS = 8
"""Footers read at once; on S3 each waits for the network."""


@dataclass(frozen=True)
class BronzeFile:
    """One file with its number of rows and its columns: as its Parquet footer says, or as its CSV
    header does, all of them text."""

    path: str
    rows: int
    schema: StructType


class Footers:
    """Reads Parquet footers, and what says the same of CSV files.

    Thread safe; keeps the Java classes that it uses, as Storage does.
    """

    def __init__(self, spark: SparkSession, storage: Storage) -> None:
        jvm: Any = spark.sparkContext._jvm
        types = jvm.org.apache.spark.sql.execution.datasources.parquet
        self._storage = storage
        self._input: Any = jvm.org.apache.parquet.hadoop.util.HadoopInputFile
        self._reader: Any = jvm.org.apache.parquet.hadoop.ParquetFileReader
        self._types: Any = types.ParquetToSparkSchemaConverter(
            spark._jsparkSession.sessionState().conf()
        )
        self._csv = CsvFiles(spark, storage)
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="footers")

    def read(self, paths: Sequence[str]) -> list[BronzeFile]:
        """Rows and columns of each file, in the order given."""
        if len(paths) == 1:
            return [self._read(paths[0])]
        return list(self._pool.map(self._read, paths))

    def _read(self, path: str) -> BronzeFile:
        if is_csv(path):
            header, rows = self._csv.describe(path)
            return BronzeFile(path, rows, text_columns(header))
        storage = self._storage
        source = self._input.fromPath(storage.path(path), storage.configuration)
        reader = self._opened(path, source)
        try:
            columns = self._types.convert(reader.getFileMetaData().getSchema()).json()
            return BronzeFile(path, reader.getRecordCount(), _schema(columns))
        finally:
            reader.close()

    def _opened(self, path: str, source: Any) -> Any:
        try:
            return self._reader.open(source)
        except Py4JJavaError as error:
            if "is not a Parquet file" not in first_line(error):
                raise
            raise UserError(
                f"{path} is not a Parquet file: restore its whole version, or take it out of bronze"
                " if replication did not write it"
            ) from error


@lru_cache(maxsize=256)
def _schema(columns: str) -> StructType:
    return StructType.fromJson(json.loads(columns))
