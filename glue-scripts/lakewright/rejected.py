"""Lines of dropped files that cannot be read as rows: kept as they are, with the reason.

A table of the lake's quarantine, `<table>_lines`. A line is nobody's newest version: the row that
it may have been meant for stays as it was.
"""

from __future__ import annotations

from pyspark.sql.types import StructType

from lakewright.columns import spark_type

KEY = ["file", "delivered_at", "line"]


def lines_of(table: str) -> str:
    """The name of a table's rejected lines in quarantine."""
    return f"{table}_lines"


def lines_schema() -> StructType:
    """`delivered_at`: when the file was last changed. `line`: from 1. `text`: the line itself.

    A file of which nothing can be read is one line, 0, without text.
    """
    columns = spark_type(
        "file string, delivered_at timestamp, line bigint, reasons array<string>, text string"
    )
    assert isinstance(columns, StructType)
    return columns
