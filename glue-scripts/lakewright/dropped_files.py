"""Finds the CSV files that were dropped for a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone

from lakewright.file_set import FileSet
from lakewright.storage import Storage

ENDINGS = (".csv", ".csv.gz")
_DAY = "%Y/%m/%d"


@dataclass(frozen=True)
class DroppedFile:
    """One delivery of a file: changed under its name, it is another."""

    path: str
    name: str
    modified: int
    """When its content was last changed, milliseconds since 1970 (UTC)."""
    bytes: int


def find_dropped(
    storage: Storage, folder: str, known: FileSet, skipped: FileSet | None = None
) -> tuple[FileSet, list[DroppedFile]]:
    """Files of the folder that are not in the set, and the set with them.

    The set has them by the day they were last changed, as `name@modified-bytes`. A folder that does
    not exist has no files; folders in it are not looked into, and empty files have no rows. Files
    of `skipped` are in the set, and not given.
    """
    by_day: dict[str, list[str]] = {}
    for file in storage.files(folder):
        if _is_data(file.name) and file.bytes > 0:
            entry = f"{file.name}@{file.modified}-{file.bytes}"
            by_day.setdefault(_day(file.modified), []).append(entry)
    fresh: list[DroppedFile] = []
    for day, entries in sorted(by_day.items()):
        unseen = known.unseen(day, entries)
        if unseen:
            wanted = [entry for entry in unseen if not (skipped and skipped.has(day, entry))]
            fresh += [_dropped(folder, entry) for entry in wanted]
            known = known.add(day, unseen)
    return known, fresh


def literal(path: str) -> str:
    """The path as Spark's readers take it literally: they know patterns with `*` and `[`."""
    return re.sub(r"([\[\]{}*?\\])", r"\\\1", path)


def _is_data(name: str) -> bool:
    return name.lower().endswith(ENDINGS) and not name.startswith((".", "_"))


def _day(modified: int) -> str:
    return datetime.fromtimestamp(modified / 1000, timezone.utc).strftime(_DAY)


def _dropped(folder: str, entry: str) -> DroppedFile:
    name, _, signature = entry.rpartition("@")
    modified, _, length = signature.partition("-")
    return DroppedFile(f"{folder}/{name}", name, int(modified), int(length))
