"""Where the rows of files stand in the order of changes, beside which a database's stand.

Files know no commits: no clock of theirs compares with the database's. So the lake's definition
says which of the two stands above the other, and among files the name orders, then the time at
which a file of that name was last changed, then the line.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from lakewright.manifest import Files

_PREFIXES = {"database": "d/", "files": "f/"}
"""By who stands above. The database's orders begin with their epoch, `e0001:`, between these."""
_MODIFIED_DIGITS, _LINE_DIGITS = 13, 12
_AROUND_NAME = 2 + 1 + _MODIFIED_DIGITS + 1 + _LINE_DIGITS
"""Characters of an order beside the file's name."""


def file_order(files: Files, name: Column, modified: Column, line: Column) -> Column:
    """The order of a file's row; `modified` in milliseconds, `line` from 1."""
    parts = (F.lit(_PREFIXES[files.precedence]), name, F.lit("/"))
    modified = F.lpad(modified, _MODIFIED_DIGITS, "0")
    return F.concat(*parts, modified, F.lit("/"), F.lpad(line, _LINE_DIGITS, "0"))


def is_of_file(order: Column) -> Column:
    """Whether the order is that of a file's row."""
    return F.substring(order, 1, 2).isin(*_PREFIXES.values())


def file_of(order: Column) -> Column:
    """The name of the file; null for the database's rows."""
    return F.when(is_of_file(order), order.substr(F.lit(3), F.length(order) - _AROUND_NAME))


def line_of(order: Column) -> Column:
    """The line in the file, from 1; null for the database's rows."""
    line = F.substring(order, -_LINE_DIGITS, _LINE_DIGITS)
    return F.when(is_of_file(order), line.cast("bigint"))
