"""Marks the oldest version of a table that readers may still ask for.

Maintenance removes the files of older versions, of which the table's log may keep entries: neither
format says so where it lists them. The mark is the name of an empty file beside the log, which
listing the log shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from lakewright.storage import Storage

_MARK = "_lakewright_since_"


def mark_oldest(storage: Storage, log: str, version: str) -> None:
    """Versions before that one are not to be read any more, from now on."""
    before = [name for name in storage.list(log) if name.startswith(_MARK)]
    mark = f"{_MARK}{version}"
    if mark not in before:
        storage.write_text(f"{log}/{mark}", "")
    for name in before:
        if name < mark:
            storage.delete(f"{log}/{name}")


def oldest_marked(names: Sequence[str]) -> str:
    """The version that is marked among the names of a log's files; empty where none is."""
    marks = [name for name in names if name.startswith(_MARK)]
    return max(marks, default=_MARK).removeprefix(_MARK)
