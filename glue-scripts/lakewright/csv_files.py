"""Bronze files as gzipped CSV: a header with the columns' names, and values as text.

Every value is read as text first, for an empty field is an empty text and null has a name of its
own, which Spark's own reader does not tell apart. What is no value of its column's type is an
error, not null.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import BinaryType, DataType, StringType, StructField, StructType

from lakewright.columns import quoted
from lakewright.errors import TOLD, UserError
from lakewright.storage import Storage

SUFFIX = ".csv.gz"
NULL = "__null__"
"""How null is written; model/bronze-format.ts has the same."""

REMEDY = "restore its whole version, or take it out of bronze if replication did not write it"
_BROKEN = ("java.util.zip.ZipException", "java.io.EOFException")

# RFC 4180: values with quotation marks or new lines are quoted, their quotation marks doubled. A
# row of another number of fields than the header fails.
_OPTIONS = {
    "header": "true",
    "multiLine": "true",
    "lineSep": "\n",
    "quote": '"',
    "escape": '"',
    "emptyValue": "",
    "mode": "FAILFAST",
    "columnPruning": "false",
}


def is_csv(path: str) -> bool:
    return path.endswith(SUFFIX)


def text_columns(names: Iterable[str]) -> StructType:
    """Columns of text by these names."""
    return StructType([StructField(name, StringType()) for name in names])


def read_csv(spark: SparkSession, paths: Sequence[str], columns: StructType) -> DataFrame:
    """The rows of files whose headers name just these columns in this order, in these types."""
    texts = text_columns(columns.fieldNames())
    rows = spark.read.options(**_OPTIONS).schema(texts).csv(list(paths))
    return rows.select([_value(field.name, field.dataType) for field in columns.fields])


def _value(name: str, type: DataType) -> Column:
    column = F.col(quoted(name))
    text = F.when(column == NULL, None).otherwise(F.coalesce(column, F.lit("")))
    if isinstance(type, StringType):
        return text.alias(name)
    value = F.unhex(text) if isinstance(type, BinaryType) else text.cast(type)
    wrong = F.concat(
        F.lit(f"{TOLD}column {name} of a CSV file in bronze has '"),
        text,
        F.lit(f"', which is no {type.simpleString()}; widen its type in the lake's definition"),
    )
    unreadable = text.isNotNull() & value.isNull()
    return F.when(unreadable, F.raise_error(wrong).cast(type)).otherwise(value).alias(name)


class CsvFiles:
    """Looks into CSV files in the driver, without a Spark job. Thread safe."""

    def __init__(self, spark: SparkSession, storage: Storage) -> None:
        jvm: Any = spark.sparkContext._jvm
        self._storage = storage
        self._java: Any = jvm.java
        self._univocity: Any = jvm.com.univocity.parsers

    def describe(self, path: str) -> tuple[list[str], int]:
        """The header's names, and how many rows follow it.

        UserError for a file without header, and for one with a row that is longer than it.
        """
        parser = self._univocity.csv.CsvParser(self._settings())
        header = self._within(path, lambda text: self._first(parser, text))
        if header is None:
            raise UserError(f"{path} has no header: {REMEDY}")
        routines = self._univocity.csv.CsvRoutines(self._settings())
        size = self._within(path, routines.getInputDimension)
        names = list(header)
        if size.columnCount() > len(names):
            raise UserError(
                f"{path} has a row of {size.columnCount()} fields under a header of {len(names)}:"
                f" {REMEDY}"
            )
        return names, size.rowCount() - 1

    def _first(self, parser: Any, text: Any) -> Any:
        parser.beginParsing(text)
        return parser.parseNext()

    def _within(self, path: str, use: Any) -> Any:
        """Applies a function to the file's text, and closes it."""
        place = self._storage.path(path)
        file = place.getFileSystem(self._storage.configuration).open(place)
        try:
            unzipped = self._java.util.zip.GZIPInputStream(file)
            return use(self._java.io.InputStreamReader(unzipped, "UTF-8"))
        except Py4JJavaError as error:
            if not _is_broken(error):
                raise
            raise UserError(f"{path} is no whole gzipped file: {REMEDY}") from error
        finally:
            file.close()

    def _settings(self) -> Any:
        """As Spark has the parser for the same options."""
        settings = self._univocity.csv.CsvParserSettings()
        settings.getFormat().setLineSeparator("\n")
        settings.getFormat().setQuoteEscape('"')
        settings.getFormat().setComment("\0")
        settings.setIgnoreLeadingWhitespaces(False)
        settings.setIgnoreTrailingWhitespaces(False)
        settings.setNormalizeLineEndingsWithinQuotes(False)
        settings.setUnescapedQuoteHandling(
            self._univocity.csv.UnescapedQuoteHandling.STOP_AT_DELIMITER
        )
        settings.setMaxCharsPerColumn(-1)
        settings.setMaxColumns(20480)
        settings.setReadInputOnSeparateThread(False)
        return settings


def _is_broken(error: Py4JJavaError) -> bool:
    """Whether what was read ended too early, or never was a gzipped file."""
    cause = error.java_exception
    while cause is not None:
        if cause.toString().startswith(_BROKEN):
            return True
        cause = cause.getCause()
    return False
