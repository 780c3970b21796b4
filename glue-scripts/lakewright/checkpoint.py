"""What a silver table has consumed of bronze; stored in the table's own commits.

The set of consumed files is kept small: within the listing window the names are stored, those of
the usual form as differences in base 36; of older folders only a fingerprint.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

CHANGE_FILE = re.compile(r"^(\d{8})-(\d{9})\.parquet$")
LOAD_FILE = re.compile(r"^LOAD([0-9A-F]{8})\.parquet$")
DATE_FOLDER = re.compile(r"^\d{4}/\d{2}/\d{2}$")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class FileSet:
    """File names by folder (`` or `2026/11/21`); of a closed folder only the fingerprint."""

    open: Mapping[str, frozenset[str]] = field(default_factory=dict)
    closed: Mapping[str, str] = field(default_factory=dict)

    def unseen(self, folder: str, names: Iterable[str]) -> list[str]:
        """Those of a folder's files that are not in the set.

        A closed folder whose files changed gives all of them: reading again does no harm.
        """
        found = set(names)
        if self.closed.get(folder) == fingerprint(found):
            return []
        return sorted(found - self.open.get(folder, frozenset()))

    def add(self, folder: str, names: Iterable[str]) -> FileSet:
        """With these files too; a closed folder becomes exactly these."""
        joined = self.open.get(folder, frozenset()) | frozenset(names)
        closed = {name: value for name, value in self.closed.items() if name != folder}
        return FileSet({**self.open, folder: joined}, closed)

    def close(self, before: str) -> FileSet:
        """Keeps only fingerprints of the date folders before this one."""
        old = {n: names for n, names in self.open.items() if DATE_FOLDER.match(n) and n < before}
        kept = {name: names for name, names in self.open.items() if name not in old}
        return FileSet(kept, {**self.closed, **{n: fingerprint(names) for n, names in old.items()}})

    def newest_folder(self) -> str:
        """The newest date folder, `` without any."""
        return max(filter(DATE_FOLDER.match, [*self.open, *self.closed]), default="")

    def to_json(self) -> dict[str, Any]:
        return {
            **{name: [value] for name, value in self.closed.items()},
            **{name: _encode(names) for name, names in self.open.items()},
        }

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> FileSet:
        closed = {name: item[0] for name, item in value.items() if isinstance(item, list)}
        open = {name: _decode(item) for name, item in value.items() if isinstance(item, dict)}
        return FileSet(open, closed)


@dataclass(frozen=True)
class Checkpoint:
    """How far a silver table is. Without an epoch: nothing is applied yet."""

    epoch: str | None = None
    files: FileSet = field(default_factory=FileSet)
    """Consumed files of the epoch."""
    ignored: Mapping[str, FileSet] = field(default_factory=dict)
    """Change files of older epochs that were accounted as ignored, by epoch."""
    truncated_at: str | None = None
    """Order of the newest truncation applied."""
    newest_committed_at: str | None = None
    """Source commit time of the newest change applied, ISO 8601."""
    definition: str | None = None
    """The table's definition by which the rows were made."""

    def to_json(self) -> dict[str, Any]:
        return {
            "epoch": self.epoch,
            "files": self.files.to_json(),
            "ignored": {epoch: files.to_json() for epoch, files in self.ignored.items()},
            "truncated_at": self.truncated_at,
            "newest_committed_at": self.newest_committed_at,
            "definition": self.definition,
        }

    @staticmethod
    def from_metadata(metadata: Mapping[str, Any]) -> Checkpoint:
        """From a silver commit's metadata; empty where it has none."""
        value = metadata.get("checkpoint") or {}
        return Checkpoint(
            epoch=value.get("epoch"),
            files=FileSet.from_json(value.get("files", {})),
            ignored={e: FileSet.from_json(v) for e, v in value.get("ignored", {}).items()},
            truncated_at=value.get("truncated_at"),
            newest_committed_at=value.get("newest_committed_at"),
            definition=value.get("definition"),
        )


def fingerprint(names: Iterable[str]) -> str:
    """Differs for different sets of names."""
    ordered = sorted(names)
    return f"{len(ordered)}:{zlib.crc32('/'.join(ordered).encode()):08x}"


def _encode(names: Iterable[str]) -> dict[str, Any]:
    times: dict[str, list[int]] = {}
    loads, others = [], []
    for name in sorted(names):
        if match := CHANGE_FILE.match(name):
            times.setdefault(match[1], []).append(int(match[2]))
        elif match := LOAD_FILE.match(name):
            loads.append(int(match[1], 16))
        else:
            others.append(name)
    days = {day: _deltas(numbers) for day, numbers in times.items()}
    parts = {"times": days, "loads": _deltas(loads), "names": others}
    return {name: part for name, part in parts.items() if part}


def _decode(value: Mapping[str, Any]) -> frozenset[str]:
    names = list(value.get("names", []))
    names += [f"LOAD{number:08X}.parquet" for number in _sums(value.get("loads", ""))]
    for day, deltas in value.get("times", {}).items():
        names += [f"{day}-{time:09d}.parquet" for time in _sums(deltas)]
    return frozenset(names)


def _deltas(numbers: list[int]) -> str:
    previous, parts = 0, []
    for number in sorted(numbers):
        parts.append(_base36(number - previous))
        previous = number
    return " ".join(parts)


def _sums(text: str) -> list[int]:
    total, numbers = 0, []
    for part in text.split():
        total += int(part, 36)
        numbers.append(total)
    return numbers


def _base36(number: int) -> str:
    digits = ""
    while number >= 36:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return DIGITS[number] + digits
