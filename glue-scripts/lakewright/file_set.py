"""Sets of bronze file names, small enough to be in every commit.

The names of a day's newest two hours are kept, those of the usual form as differences in base 36;
of older hours and folders only a fingerprint, which tells whether files came since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

CHANGE_FILE = re.compile(r"^(\d{8})-(\d{9})\.(parquet|csv\.gz)$")
LOAD_FILE = re.compile(r"^LOAD([0-9A-F]{8})\.(parquet|csv\.gz)$")
DATE_FOLDER = re.compile(r"^\d{4}/\d{2}/\d{2}$")
OPEN_HOURS = 2
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Fingerprint:
    """Differs for different sets of names; those of disjoint sets add up to that of their union."""

    names: int = 0
    sum: int = 0
    """Of the names' hashes, modulo 2⁶⁴."""

    @staticmethod
    def of(names: Iterable[str]) -> Fingerprint:
        hashes = [_hash(name) for name in set(names)]
        return Fingerprint(len(hashes), sum(hashes) % 2**64)

    def __add__(self, other: Fingerprint) -> Fingerprint:
        return Fingerprint(self.names + other.names, (self.sum + other.sum) % 2**64)


@dataclass(frozen=True)
class FileSet:
    """File names by folder (`` or `2026/11/21`).

    Of what is closed, a date folder or an hour of it (`2026/11/21/14`), only the fingerprint.
    """

    open: Mapping[str, frozenset[str]] = field(default_factory=dict)
    closed: Mapping[str, Fingerprint] = field(default_factory=dict)

    def unseen(self, folder: str, names: Iterable[str]) -> list[str]:
        """Those of a folder's files that are not in the set.

        Of a closed folder or hour whose files changed all of them: reading again does no harm.
        """
        found = set(names)
        if folder in self.closed:
            return [] if self.closed[folder] == Fingerprint.of(found) else sorted(found)
        fresh = found - self.open.get(folder, frozenset())
        for group, members in _by_hour(folder, fresh).items():
            if group in self.closed and self.closed[group] == Fingerprint.of(members):
                fresh -= members
        return sorted(fresh)

    def add(self, folder: str, names: Iterable[str]) -> FileSet:
        """With these files too; a closed folder or hour among them becomes exactly these."""
        added = frozenset(names)
        reopened = {folder, *_by_hour(folder, added)}
        closed = {group: value for group, value in self.closed.items() if group not in reopened}
        return FileSet({**self.open, folder: self.open.get(folder, frozenset()) | added}, closed)

    def has(self, folder: str, name: str) -> bool:
        """Whether the file is among those that are known by name."""
        return name in self.open.get(folder, ())

    def union(self, other: FileSet) -> FileSet:
        """With the files that the other set knows by name."""
        result = self
        for folder, names in other.open.items():
            result = result.add(folder, names)
        return result

    def gained(self, before: FileSet, found: Mapping[str, Iterable[str]]) -> FileSet:
        """Which of the files found this set has beyond an earlier one of the same folders.

        Of what the earlier one has closed nothing: it does not tell which files came there since.
        """
        gained = FileSet()
        for folder, names in found.items():
            for group, members in _by_hour(folder, names).items():
                if folder not in before.closed and group not in before.closed:
                    ours = members - set(self.unseen(folder, names))
                    gained = gained.add(folder, ours & set(before.unseen(folder, members)))
        return FileSet({folder: names for folder, names in gained.open.items() if names})

    def close(self, before: str) -> FileSet:
        """Keeps only fingerprints of the date folders before this one and of all but the newest
        hours of each other."""
        open: dict[str, frozenset[str]] = {}
        closed = dict(self.closed)
        for folder, names in self.open.items():
            groups = _by_hour(folder, names)
            hours = sorted(group for group in groups if group != folder)
            is_old = DATE_FOLDER.match(folder) and folder < before
            closing = list(groups) if is_old else hours[:-OPEN_HOURS]
            closed.update({group: Fingerprint.of(groups.pop(group)) for group in closing})
            if groups:
                open[folder] = frozenset().union(*groups.values())
        return FileSet(open, _folders_of(closed, before))

    def newest_folder(self) -> str:
        """The newest date folder, `` without any."""
        folders = {*self.open, *(group[:10] for group in self.closed)}
        return max(filter(DATE_FOLDER.match, folders), default="")

    def to_json(self) -> dict[str, Any]:
        return {
            **{name: [print.names, print.sum] for name, print in self.closed.items()},
            **{name: _encode(names) for name, names in self.open.items()},
        }

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> FileSet:
        closed = {n: Fingerprint(*item) for n, item in value.items() if isinstance(item, list)}
        open = {name: _decode(item) for name, item in value.items() if isinstance(item, dict)}
        return FileSet(open, closed)


def _by_hour(folder: str, names: Iterable[str]) -> dict[str, set[str]]:
    """Names of a date folder by the hour they tell (`2026/11/21/14`); others by the folder."""
    groups: dict[str, set[str]] = {}
    dated = DATE_FOLDER.match(folder)
    for name in names:
        group = f"{folder}/{name[9:11]}" if dated and CHANGE_FILE.match(name) else folder
        groups.setdefault(group, set()).add(name)
    return groups


def _folders_of(closed: Mapping[str, Fingerprint], before: str) -> dict[str, Fingerprint]:
    """The hours of date folders before this one joined to their folder."""
    joined: dict[str, Fingerprint] = {}
    for group, value in closed.items():
        name = group[:10] if group[:10] < before else group
        joined[name] = joined.get(name, Fingerprint()) + value
    return joined


def _hash(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")


def _encode(names: Iterable[str]) -> dict[str, Any]:
    """CSV files, of a lake that writes or wrote some, in a part of their own."""
    csv = {name for name in names if name.endswith(".csv.gz")}
    parts = _encode_form(set(names) - csv)
    return {**parts, "csv": _encode_form(csv)} if csv else parts


def _encode_form(names: Iterable[str]) -> dict[str, Any]:
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
    return _decode_form(value, "parquet") | _decode_form(value.get("csv", {}), "csv.gz")


def _decode_form(value: Mapping[str, Any], suffix: str) -> frozenset[str]:
    names = list(value.get("names", []))
    names += [f"LOAD{number:08X}.{suffix}" for number in _sums(value.get("loads", ""))]
    for day, deltas in value.get("times", {}).items():
        names += [f"{day}-{time:09d}.{suffix}" for time in _sums(deltas)]
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
