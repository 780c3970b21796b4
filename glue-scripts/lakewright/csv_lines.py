"""The lines of text files with their numbers, read in parallel.

Spark splits a file into blocks that it reads side by side, and numbers lines within a block alone.
So the lines are read once, unnumbered, and what is made of them is kept; over that it is counted
how many lines stand before each block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakewright.csv_header import BYTE_ORDER_MARK
from lakewright.dropped_files import DroppedFile, literal
from lakewright.ops import rows_frame

PLACE = ["name", "block", "id"]
"""Columns that say which line a row is, until it has a number."""
_BLOCKS = "name string, block bigint, offset bigint, modified bigint"
_REST = 2**31 - 1


def read_lines(spark: SparkSession, files: Sequence[DroppedFile]) -> DataFrame:
    """`PLACE` and `text` of every line of the files, which have different names."""
    text = spark.read.text([literal(file.path) for file in files])
    name, value = F.col("_metadata.file_name"), F.col("value")
    marked = F.startswith(value, F.lit(BYTE_ORDER_MARK))
    return text.select(
        # Spark gives it as part of a URI, in which a plus is a plus.
        F.url_decode(F.replace(name, F.lit("+"), F.lit("%2B"))).alias("name"),
        F.col("_metadata.file_block_start").alias("block"),
        F.monotonically_increasing_id().alias("id"),
        F.when(marked, value.substr(2, _REST)).otherwise(value).alias("text"),
    )


@dataclass(frozen=True)
class NumberedLines:
    """What was made of lines, with their numbers."""

    rows: DataFrame
    """In place of `PLACE`: `name`, `line` (from 1) and the file's `modified`; headers and blank
    lines are not among them."""
    lines: int
    """How many these are."""
    bad: int
    """How many of these are bad."""


def number_lines(made: DataFrame, files: Sequence[DroppedFile]) -> NumberedLines:
    """Numbers rows made of all lines of the files, which have `PLACE`, `is_blank` and `is_bad`.

    They are read several times, and must be the same each time.
    """
    counted, bad = ~F.col("is_blank"), F.col("is_bad") & ~F.col("is_blank")
    found = made.groupBy("name", "block").agg(
        F.min("id").alias("first"),
        F.max("id").alias("last"),
        F.count_if(counted).alias("lines"),
        F.count_if(bad).alias("bad"),
        F.min_by(counted, "id").alias("counts_first"),
        F.min_by(bad, "id").alias("bad_first"),
    )
    modified = {file.name: file.modified for file in files}
    blocks: list[dict[str, object]] = []
    preceding: dict[str, int] = {}
    lines = bads = 0
    for row in sorted(found.collect(), key=lambda row: (row["name"], row["block"])):
        name = row["name"]
        before = preceding.get(name, 0)
        offset = before + 1 - row["first"]
        entry = {"name": name, "block": row["block"], "offset": offset, "modified": modified[name]}
        blocks.append(entry)
        preceding[name] = before + row["last"] - row["first"] + 1
        is_header = before == 0
        lines += row["lines"] - (is_header and row["counts_first"])
        bads += row["bad"] - (is_header and row["bad_first"])
    numbers = F.broadcast(rows_frame(made.sparkSession, blocks, _BLOCKS))
    numbered = made.where(counted).join(numbers, ["name", "block"])
    numbered = numbered.withColumn("line", F.col("id") + F.col("offset")).where("line > 1")
    return NumberedLines(numbered.drop("block", "id", "offset", "is_blank"), lines, bads)
