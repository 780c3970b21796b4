"""What a silver table has consumed of bronze; stored in the table's own commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lakewright.file_set import FileSet


@dataclass(frozen=True)
class Skipped:
    """What was taken back and is left out for good, whenever the table is built anew."""

    epoch: str | None = None
    files: FileSet = field(default_factory=FileSet)
    """Of the epoch."""
    dropped: FileSet = field(default_factory=FileSet)
    """Of those that were dropped for the table."""
    truncations: Sequence[tuple[str, str]] = field(default_factory=list)
    """Ranges of orders: above the first, up to the second."""

    def files_of(self, epoch: str) -> FileSet:
        return self.files if epoch == self.epoch else FileSet()

    def to_json(self) -> dict[str, Any]:
        return {
            "epoch": self.epoch,
            "files": self.files.to_json(),
            "dropped": self.dropped.to_json(),
            "truncations": [list(bounds) for bounds in self.truncations],
        }

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Skipped:
        return Skipped(
            epoch=value.get("epoch"),
            files=FileSet.from_json(value.get("files", {})),
            dropped=FileSet.from_json(value.get("dropped", {})),
            truncations=[(above, to) for above, to in value.get("truncations", [])],
        )


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
    dropped: FileSet = field(default_factory=FileSet)
    """Consumed files that were dropped for the table."""
    skipped: Skipped = field(default_factory=Skipped)
    types: Mapping[str, str] = field(default_factory=dict)
    """Columns that files of the epoch have in a wider type than the declared one, and that type."""

    def to_json(self) -> dict[str, Any]:
        return {
            "epoch": self.epoch,
            "files": self.files.to_json(),
            "ignored": {epoch: files.to_json() for epoch, files in self.ignored.items()},
            "truncated_at": self.truncated_at,
            "newest_committed_at": self.newest_committed_at,
            "definition": self.definition,
            "dropped": self.dropped.to_json(),
            "skipped": self.skipped.to_json(),
            "types": dict(self.types),
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
            dropped=FileSet.from_json(value.get("dropped", {})),
            skipped=Skipped.from_json(value.get("skipped", {})),
            types=value.get("types", {}),
        )
