"""Reads dropped CSV files as rows of their table; what is no row is told apart, with the reason.

A line is a record: text in quotes does not run over a line's end, so that a stray quote spoils its
own line alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, DateType, DecimalType, StringType, StructType, TimestampType

from lakewright.columns import column_name, messages, quoted
from lakewright.csv_header import BrokenFile, read_header
from lakewright.csv_lines import PLACE, number_lines, read_lines
from lakewright.dropped_files import DroppedFile
from lakewright.file_order import file_order
from lakewright.manifest import Files, Table
from lakewright.ops import rows_frame
from lakewright.storage import Storage

Keep = Callable[[DataFrame], tuple[DataFrame, Callable[[], None]]]
"""Keeps rows that are read several times; gives them and what lets go of them."""
_MALFORMED = "_malformed"
_BROKEN = "name string, modified bigint, line bigint, reasons array<string>"
_MOST_DELIMITERS = 100_000
"""In a line: the parser is given room for as many fields, and fails where there are more."""
_DATE = r"^\d{4}-\d{1,2}-\d{1,2}"
"""How a date or timestamp begins: Spark alone would take `2026` for its first of January."""


@dataclass(frozen=True)
class _Layout:
    """Files with equal headers, and the position of each column in their lines."""

    width: int
    positions: Mapping[str, int]
    unreadable: str | None
    """Why none of their lines is a row."""
    files: list[DroppedFile]


@dataclass(frozen=True)
class DroppedRows:
    """What the lines of some files are. Call `release` when done."""

    judged: DataFrame
    """`name`, `modified`, `line`, `reasons`, `raw`, the row: null where there are reasons, and
    `text`, where there are some."""
    lines: int
    """Lines that are to be rows, good or not."""
    rejected_lines: int
    """Those of them that are no rows."""
    files: Files
    release: Callable[[], None]

    def rows(self, key: Sequence[str]) -> DataFrame:
        """The good lines in the form of `bronze.read_rows`."""
        raw = self.judged.schema["raw"].dataType
        assert isinstance(raw, StructType)
        none = [F.lit(None).cast(raw[name].dataType).alias(name) for name in key]
        modified, line = F.col("modified").cast("string"), F.col("line").cast("string")
        return self.judged.where(~F.col("is_bad")).select(
            F.lit("I").alias("operation"),
            F.timestamp_millis("modified").alias("committed_at"),
            file_order(self.files, F.col("name"), modified, line).alias("order"),
            F.struct(*none).alias("before"),
            "raw",
        )

    def rejected(self) -> DataFrame:
        """The other lines, as `rejected.lines_schema` has them."""
        return self.judged.where("is_bad").select(
            F.col("name").alias("file"),
            F.timestamp_millis("modified").alias("delivered_at"),
            "line",
            "reasons",
            "text",
        )


class DroppedBatch:
    """New files of one table, whose headers are read; each that is broken is told apart."""

    def __init__(self, storage: Storage, table: Table, files: Sequence[DroppedFile]) -> None:
        assert table.files is not None, f"{table.name} has no files"
        self._table = table
        self._files = table.files
        self._headers: dict[DroppedFile, list[str]] = {}
        self._broken: dict[DroppedFile, str] = {}
        for file in files:
            try:
                fields = read_header(storage, file, table.files.delimiter)
                self._headers[file] = self._names(fields)
            except BrokenFile as error:
                self._broken[file] = str(error)

    def columns(self, declared: StructType, stored: StructType) -> StructType:
        """The declared columns and, where the table takes new ones, those that headers add.

        A column that only files have is text, or what the table has stored it as.
        """
        known = {name.lower() for name in declared.fieldNames()}
        result = StructType(list(declared.fields))
        if self._table.evolution == "strict":
            return result
        types = {field.name.lower(): field.dataType for field in stored.fields}
        readable = (names for names in self._headers.values() if not self._unreadable(names))
        for name in chain.from_iterable(readable):
            if name and name not in known:
                known.add(name)
                result.add(name, types.get(name, StringType()))
        return result

    def read(self, spark: SparkSession, columns: StructType, keep: Keep) -> DroppedRows:
        """Every line: its row in these columns, or why it is none; `keep` keeps what is read."""
        count = len(self._broken)
        if not self._headers:
            broken = self._broken_files(spark, columns)
            return DroppedRows(broken, count, count, self._files, lambda: None)
        judged = [self._judge(spark, layout, columns) for layout in self._layouts()]
        kept, release = keep(reduce(DataFrame.unionByName, judged))
        numbered = number_lines(kept, list(self._headers))
        rows = numbered.rows
        if self._broken:
            rows = rows.unionByName(self._broken_files(spark, columns))
        lines, bad = numbered.lines + count, numbered.bad + count
        return DroppedRows(rows, lines, bad, self._files, release)

    def _broken_files(self, spark: SparkSession, columns: StructType) -> DataFrame:
        """Each broken file as one line, number 0, that is no row."""
        files = [
            {"name": file.name, "modified": file.modified, "line": 0, "reasons": [reason]}
            for file, reason in self._broken.items()
        ]
        nothing = F.lit(None)
        return rows_frame(spark, files, _BROKEN).select(
            "*",
            F.lit(True).alias("is_bad"),
            nothing.cast("string").alias("text"),
            nothing.cast(columns).alias("raw"),
        )

    def _names(self, fields: Sequence[str]) -> list[str]:
        """The column of each field: by the table's headers, else by its own name."""
        headers = {header.lower(): column for header, column in self._files.headers.items()}
        return [headers.get(field.strip().lower(), column_name(field)) for field in fields]

    def _unreadable(self, names: Sequence[str]) -> str | None:
        """Why no line of a file with this header is a row."""
        if absent := [name for name in self._table.key if name not in names]:
            return f"the file's header has no column {', '.join(absent)}"
        times = Counter(filter(None, names))
        if twice := sorted(name for name in times if times[name] > 1):
            return f"the file's header has {', '.join(twice)} more than once"
        return None

    def _layouts(self) -> list[_Layout]:
        layouts: dict[tuple[str, ...], _Layout] = {}
        for file, names in self._headers.items():
            positions = {name: i for i, name in enumerate(names)}
            layout = _Layout(len(names), positions, self._unreadable(names), [])
            layout = layouts.setdefault(tuple(names), layout)
            layout.files.append(file)
        return list(layouts.values())

    def _judge(self, spark: SparkSession, layout: _Layout, columns: StructType) -> DataFrame:
        # A header that is blank has no columns, and Spark reads lines by one at least.
        fields = [f"_{i}" for i in range(max(1, layout.width))]
        options = {
            "sep": self._files.delimiter,
            "escape": '"',
            "ignoreLeadingWhiteSpace": "true",
            "ignoreTrailingWhiteSpace": "true",
            "columnNameOfCorruptRecord": _MALFORMED,
            "maxColumns": str(_MOST_DELIMITERS + 1),
        }
        schema = ", ".join(f"{name} string" for name in [*fields, _MALFORMED])
        texts = {
            field.name: f"fields._{layout.positions[field.name.lower()]}"
            for field in columns.fields
            if field.name.lower() in layout.positions
        }
        values = [
            _typed(texts.get(f.name, "CAST(NULL AS string)"), f.dataType).alias(f.name)
            for f in columns.fields
        ]
        lines = read_lines(spark, layout.files)
        # A line that does not end costs the parser an exception.
        record = F.when(~self._overflows(), F.concat("text", F.lit("\n")))
        parsed = lines.withColumn("fields", F.from_csv(record, schema, options))
        typed = parsed.withColumn("raw", F.struct(*values))
        judged = typed.withColumn("reasons", self._reasons(layout, texts, columns))
        is_bad = F.size("reasons") > 0
        return judged.select(
            *PLACE,
            (F.trim("text") == "").alias("is_blank"),
            is_bad.alias("is_bad"),
            F.when(is_bad, F.col("text")).alias("text"),
            "reasons",
            F.when(~is_bad, F.col("raw")).alias("raw"),
        )

    def _overflows(self) -> Column:
        """Whether a line has more delimiters than the parser has room for."""
        length = F.length("text")
        others = F.length(F.replace("text", F.lit(self._files.delimiter)))
        return (length > _MOST_DELIMITERS) & (length - others > _MOST_DELIMITERS)

    def _reasons(self, layout: _Layout, texts: Mapping[str, str], columns: StructType) -> Column:
        """Why a line is no row; empty for one that is."""
        if layout.unreadable:
            return F.array(F.lit(layout.unreadable))
        quotes = F.length("text") - F.length(F.replace("text", F.lit('"')))
        odd = F.contains("text", F.lit('"')) & (quotes % 2 == 1)
        # Spark keeps the bytes of a line as they are, and reads what is no UTF-8 as question marks.
        foreign = F.decode(F.col("text").cast("binary"), "UTF-8") != F.col("text")
        unreadable = (
            F.when(self._overflows(), f"more than {_MOST_DELIMITERS:,} delimiters")
            .when(odd, "a quote without its partner")
            .when(F.col(f"fields.{_MALFORMED}").isNotNull(), f"other than {layout.width} fields")
            .when(foreign, "bytes that are not UTF-8")
        )
        wrong = [
            _mistyped(name, text, columns[name].dataType)
            for name, text in texts.items()
            if not isinstance(columns[name].dataType, StringType)
        ]
        no_key = [(F.expr(texts[name]).isNull(), F.lit(f"no {name}")) for name in self._table.key]
        return F.when(unreadable.isNotNull(), F.array(unreadable)).otherwise(
            messages([*wrong, *no_key])
        )


def _mistyped(name: str, text: str, type: DataType) -> tuple[Column, Column]:
    """Whether a value is there and not of its type, and how that is said."""
    said = F.format_string(f"%s is '%s', expected {type.simpleString()}", F.lit(name), F.expr(text))
    return F.expr(text).isNotNull() & F.col(f"raw.{quoted(name)}").isNull(), said


def _typed(text: str, type: DataType) -> Column:
    """A text, given in SQL, as a value of the type; null where it is none or would lose digits."""
    if isinstance(type, StringType):
        return F.expr(text)
    value = F.expr(f"try_cast({text} AS {type.simpleString()})")
    if isinstance(type, (DateType, TimestampType)):
        return F.when(F.expr(text).rlike(_DATE), value)
    if isinstance(type, DecimalType):
        exact = F.expr(f"try_cast({text} AS decimal(38,{min(38, type.scale + 8)}))")
        return F.when(exact == value, value)
    return value
