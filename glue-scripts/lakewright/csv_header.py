"""The header of a dropped file, or why nothing of the file can be read.

Each file is judged alone, before Spark reads any: one that cannot be unpacked would end a job that
reads the others too.
"""

from __future__ import annotations

import csv

from py4j.protocol import Py4JJavaError

from lakewright.dropped_files import DroppedFile
from lakewright.errors import first_line
from lakewright.storage import Storage

BYTE_ORDER_MARK = "\ufeff"
_PACKED = ".gz"
_UNREADABLE = (":", "\n", "\r")
"""Hadoop's file systems open no file with one of these in its name."""
_LONGEST = 131_072
"""Characters of a header: what has more is no text, or has no line ends."""
_MOST_FIELDS = 20_480
"""Fields of a header: as many columns as Spark's own reader takes."""


class BrokenFile(Exception):
    """A file none of whose lines can be read; its message says why, without the file's name."""


def read_header(storage: Storage, file: DroppedFile, delimiter: str) -> list[str]:
    """The fields of the file's first line; none where the file is empty.

    BrokenFile where that is no header, or what follows cannot be read. RuntimeError where the
    storage does not give the file: its content may be right, so that it is read another time.
    """
    if any(sign in file.name for sign in _UNREADABLE):
        raise BrokenFile("the file's name has a colon or a line end; drop it under another name")
    if file.name.lower().endswith(_PACKED) and not file.name.endswith(_PACKED):
        raise BrokenFile(f"the file's name ends not with {_PACKED}; drop it under another name")
    try:
        broken = storage.why_broken(file.path)
        text = "" if broken else storage.read_first_line(file.path, _LONGEST + 1)
    except Py4JJavaError as error:
        raise RuntimeError(f"{file.path} could not be opened: {first_line(error)}") from error
    if broken:
        raise BrokenFile(f"the file is no whole gzipped file: {broken}")
    header = text.removeprefix(BYTE_ORDER_MARK)
    if len(header) > _LONGEST:
        raise BrokenFile(f"the file's header has more than {_LONGEST:,} characters")
    try:
        fields = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error as error:
        raise BrokenFile(f"the file's header cannot be read: {error}") from error
    if len(fields) > _MOST_FIELDS:
        raise BrokenFile(f"the file's header has more than {_MOST_FIELDS:,} fields")
    return fields
