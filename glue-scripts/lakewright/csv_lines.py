"""The lines of text files with their numbers, read in parallel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakewright.dropped_files import DroppedFile, literal
from lakewright.ops import rows_frame

BYTE_ORDER_MARK = "\ufeff"
_BLOCKS = "name string, block bigint, first bigint, preceding bigint"


@dataclass(frozen=True)
class TextFile:
    """What a pass over a file tells of it."""

    file: DroppedFile
    header: str
    """Its first line; empty where the file is."""
    lines: int
    """Lines after the first that are not blank."""


@dataclass(frozen=True)
class NumberedText:
    """Text files whose lines are counted.

    Spark splits a file into blocks that it reads side by side, and numbers lines within a block
    alone: how many lines stand before each block is found by a first pass, which also gives what
    `files` says.
    """

    files: list[TextFile]
    _blocks: list[dict[str, object]]
    _read: Sequence[DroppedFile]
    """What the pass read: numbers within a block are the same where the same is read again."""

    @staticmethod
    def scan(spark: SparkSession, files: Sequence[DroppedFile]) -> NumberedText:
        """Counts the lines of the files, which have different names."""
        of_block = _lines(spark, files).groupBy("name", "block")
        found = of_block.agg(
            F.min("id").alias("first"),
            F.count("*").alias("lines"),
            F.count_if(F.trim("text") != "").alias("filled"),
            F.min_by("text", "id").alias("head"),
        ).collect()
        blocks: list[dict[str, object]] = []
        texts: dict[str, TextFile] = {}
        by_name = {file.name: file for file in files}
        preceding: dict[str, int] = {}
        for row in sorted(found, key=lambda row: (row["name"], row["block"])):
            name, before = row["name"], preceding.get(row["name"], 0)
            entry = {"name": name, "block": row["block"], "first": row["first"]}
            blocks.append({**entry, "preceding": before})
            preceding[name] = before + row["lines"]
            known = texts.get(name) or TextFile(by_name[name], row["head"], 0)
            header = 1 if not before and row["head"].strip() else 0
            filled = known.lines + row["filled"] - header
            texts[name] = TextFile(known.file, known.header, filled)
        empty = [TextFile(file, "", 0) for file in files if file.name not in texts]
        return NumberedText([*texts.values(), *empty], blocks, files)

    def lines(self, spark: SparkSession) -> DataFrame:
        """`name`, `line` (from 1) and `text` of every line after the first that is not blank."""
        blocks = F.broadcast(rows_frame(spark, self._blocks, _BLOCKS))
        line = F.col("id") - F.col("first") + F.col("preceding") + 1
        numbered = _lines(spark, self._read).join(blocks, ["name", "block"])
        numbered = numbered.select("name", line.alias("line"), "text")
        return numbered.where((F.col("line") > 1) & (F.trim("text") != ""))


def _lines(spark: SparkSession, files: Sequence[DroppedFile]) -> DataFrame:
    text = spark.read.text([literal(file.path) for file in files])
    name = F.col("_metadata.file_name")
    return text.select(
        # Spark gives it as part of a URI, in which a plus is a plus.
        F.url_decode(F.replace(name, F.lit("+"), F.lit("%2B"))).alias("name"),
        F.col("_metadata.file_block_start").alias("block"),
        F.monotonically_increasing_id().alias("id"),
        F.regexp_replace("value", f"^{BYTE_ORDER_MARK}", "").alias("text"),
    )
